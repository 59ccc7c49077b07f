// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which input lines are being asked, as a small table on disk, for the count of calls that a kill caught in flight. One row
 * of 20 bytes for each call at a time, written before the call is made; a row is not cleared at the end of its call, because
 * a line with a result counts as over. The first row holds how many calls earlier kills caught. Never forced to the
 * disk: a kill leaves what was written, and a power cut costs a count.
 */
final class RunningFile implements AutoCloseable {
    private static final int ROW_BYTES = 20;

    private final Path path;
    private final FileChannel channel;
    private final List<Long> caught = new ArrayList<>();
    private final long caughtBefore;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Map<Long, Integer> rows = new HashMap<>();

    RunningFile(Path path, int rowCount) throws IOException {
        this.path = path;
        long before = 0;
        if (Files.exists(path)) {
            List<String> lines = Files.readAllLines(path, StandardCharsets.ISO_8859_1);
            before = lines.isEmpty() ? 0 : number(lines.get(0));
            lines.stream().skip(1).map(RunningFile::number).filter(n -> n > 0).forEach(caught::add);
        }
        caughtBefore = before;
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        for (int row = 1; row <= rowCount; row++) {
            free.add(row);
        }
    }

    private static long number(String row) {
        try {
            return Long.parseLong(row.strip());
        } catch (NumberFormatException e) {
            return 0; // written by nobody we know; a count is not worth an error
        }
    }

    /** The lines that were being asked at the kill, whether or not they have a result. */
    List<Long> caught() {
        return caught;
    }

    long caughtBefore() {
        return caughtBefore;
    }

    /** Begins anew with the number of calls that all kills so far have caught. */
    void begin(long caughtUntilNow) throws IOException {
        StringBuilder table = new StringBuilder(row(caughtUntilNow));
        for (int i = 0; i < free.size(); i++) {
            table.append(row(0));
        }
        write(table.toString(), 0);
        channel.truncate(table.length());
    }

    void started(long line) throws IOException {
        int row = free.remove();
        rows.put(line, row);
        write(row(line), (long) row * ROW_BYTES);
    }

    void ended(long line) {
        Integer row = rows.remove(line);
        if (row != null) {
            free.push(row);
        }
    }

    int running() {
        return rows.size();
    }

    private static String row(long value) {
        return String.format(Locale.ROOT, "%0" + (ROW_BYTES - 1) + "d\n", value);
    }

    private void write(String text, long position) throws IOException {
        Durable.write(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)), position);
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
