// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The results that wait for an earlier line, on disk; in memory only where each of them stands. Of two for a line the later counts. */
final class Journal implements AutoCloseable {
    /** Results that have moved on are swept out once they take up that much. */
    private static final long SWEEP_BYTES = 1 << 20;

    private final Path path;
    private final FileChannel channel;
    private final Map<Long, Entry> waiting = new HashMap<>();
    private long end;

    /** Where a result stands, its newline not counted, and the category of its error. */
    record Entry(
            long line, long start, int length, @Nullable String category) {}

    /** Opens the file as far as it holds whole results; what a kill or a power cut left behind them is cut off. */
    Journal(Path path) throws IOException {
        this.path = path;
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        // Not closed: that would close the channel.
        LineReader lines = new LineReader(Channels.newInputStream(channel.position(0)), ResultFiles.MAX_RESULT_BYTES);
        for (LineReader.Line line = lines.next(); line != null && line.ended(); line = lines.next()) {
            ResultLine result = ResultLine.read(line.bytes());
            if (result == null || result.line() < 1) {
                break;
            }
            waiting.put(result.line(), new Entry(result.line(), line.start(), line.bytes().length, result.category()));
            end = line.end();
        }
        channel.truncate(end);
    }

    boolean has(long line) {
        return waiting.containsKey(line);
    }

    Collection<Entry> waiting() {
        return waiting.values();
    }

    void add(ResultLine result) throws IOException {
        byte[] json = result.json();
        Durable.write(channel, ResultFiles.ended(json), end);
        waiting.put(result.line(), new Entry(result.line(), end, json.length, result.category()));
        end += json.length + 1L;
    }

    byte[] read(long line) throws IOException {
        Entry entry = waiting.get(line);
        if (entry == null) {
            throw new IllegalArgumentException("no result waits for line " + line);
        }
        ByteBuffer bytes = ByteBuffer.allocate(entry.length());
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, entry.start() + bytes.position()) < 0) {
                throw new IOException(path + " was cut short by somebody else");
            }
        }
        return bytes.array();
    }

    /** The result has moved on, or counts no longer. */
    void forget(long line) {
        waiting.remove(line);
    }

    boolean canBeSwept() {
        return waiting.isEmpty() && end > SWEEP_BYTES;
    }

    void sweep() throws IOException {
        channel.truncate(0);
        end = 0;
    }

    void force() throws IOException {
        channel.force(false);
    }

    void remove() throws IOException {
        close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
