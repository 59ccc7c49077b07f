// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import dev.holdfast.time.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where results are kept: the output, in input order without a gap; beside it the journal, for those that wait for an
 * earlier line, and the table of the calls in flight. A result is finished once its newline is written: from then on a
 * kill cannot take it back. Everything is forced to the disk once a second at the most, before anything that depends on
 * it is given up, and at the end: a power cut costs the results of the last second, never the order or an earlier one.
 */
final class ResultFiles implements AutoCloseable {
    static final int MAX_RESULT_BYTES = 512 << 20;
    private static final long FORCE_NANOS = 1_000_000_000L;

    private final Path path;
    private final FileChannel out;
    private final Ticker ticker;
    private final Journal journal;
    private final RunningFile running;
    private final Earlier earlier;
    private final Map<String, Long> failures = new TreeMap<>();
    private long count;
    private long end;
    private long madeAgain;
    private long forcedAtNanos;

    private ResultFiles(Path path, FileChannel out, Earlier earlier, int rows, Ticker ticker) throws IOException {
        this.path = path;
        this.out = out;
        this.earlier = earlier;
        this.ticker = ticker;
        this.forcedAtNanos = ticker.nanos();
        count = earlier.count();
        end = earlier.end();
        out.truncate(end);
        journal = new Journal(beside(path, ".journal"));
        running = new RunningFile(beside(path, ".running"), rows);
    }

    /**
     * Takes up what is there.
     *
     * @param retryFailed whether the lines that failed are to be asked again
     * @param rows how many calls are made at a time
     * @throws BatchException if the output is not one, or somebody else writes to it
     */
    static ResultFiles open(Path path, boolean retryFailed, int rows, Ticker ticker) throws IOException {
        FileChannel out =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock(out, path);
            ResultFiles files = new ResultFiles(path, out, Earlier.read(path), rows, ticker);
            files.takeUp(retryFailed);
            return files;
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    private static void lock(FileChannel out, Path path) throws IOException {
        FileLock lock;
        try {
            lock = out.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new BatchException("another batch is writing to " + path + ": let it end, or give another --out");
        }
    }

    private static Path beside(Path path, String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    private void takeUp(boolean retryFailed) throws IOException {
        long caught =
                running.caught().stream().filter(line -> !isFinished(line)).count();
        madeAgain = running.caughtBefore() + caught;
        running.begin(madeAgain);
        if (retryFailed) {
            giveUpFailures();
        } else {
            failures.putAll(earlier.failures());
        }
        journal.waiting().stream()
                .filter(entry -> entry.line() > count && entry.category() != null)
                .forEach(entry -> failures.merge(String.valueOf(entry.category()), 1L, Long::sum));
        journal.waiting().removeIf(entry -> entry.line() <= count);
        moveOn();
    }

    /** What follows the first error line goes back to the journal, as far as it went well, and the output ends before it. */
    private void giveUpFailures() throws IOException {
        journal.waiting().removeIf(entry -> entry.category() != null);
        Earlier.Failed first = earlier.firstFailed();
        if (first == null) {
            return;
        }
        try (LineReader lines = new LineReader(Files.newInputStream(path), MAX_RESULT_BYTES)) {
            long number = 0;
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                number++;
                ResultLine result = number > first.line() ? ResultLine.read(line.bytes()) : null;
                if (result != null && result.ok()) {
                    journal.add(result.at(number));
                }
            }
        }
        journal.force();
        count = first.line() - 1;
        end = first.start();
        out.truncate(end);
        out.force(false);
    }

    /** How many lines the output has. */
    long count() {
        return count;
    }

    /** How many results there are, the waiting ones included. */
    long finished() {
        return count + journal.waiting().size();
    }

    Map<String, Long> failures() {
        return failures;
    }

    long madeAgain() {
        return madeAgain;
    }

    boolean isFinished(long line) {
        return line <= count || journal.has(line);
    }

    /**
     * The result that an earlier run gave a line.
     *
     * @param line to be asked for in order, each that {@linkplain #isFinished is finished}
     */
    @Nullable
    ResultLine earlierResult(long line) throws IOException {
        return journal.has(line) ? ResultLine.read(journal.read(line)) : earlier.next(line);
    }

    /** To be called before the call is made. */
    void started(long line) throws IOException {
        running.started(line);
    }

    int running() {
        return running.running();
    }

    /** Keeps a result. */
    void finish(ResultLine result) throws IOException {
        String category = result.category();
        if (category != null) {
            failures.merge(category, 1L, Long::sum);
        }
        if (result.line() == count + 1) {
            append(result.json());
            moveOn();
        } else {
            journal.add(result);
        }
        running.ended(result.line());
        if (ticker.nanos() - forcedAtNanos >= FORCE_NANOS) {
            force();
        }
        if (journal.canBeSwept()) {
            force();
            journal.sweep();
        }
    }

    private void append(byte[] json) throws IOException {
        Durable.write(out, ended(json), end);
        end += json.length + 1L;
        count++;
    }

    private void moveOn() throws IOException {
        while (journal.has(count + 1)) {
            long line = count + 1;
            append(journal.read(line));
            journal.forget(line);
        }
    }

    static ByteBuffer ended(byte[] json) {
        return ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
    }

    private void force() throws IOException {
        out.force(false);
        journal.force();
        forcedAtNanos = ticker.nanos();
    }

    /** Every input line has its result in the output. */
    void complete() throws IOException {
        out.force(true);
        journal.remove();
        running.remove();
    }

    @Override
    public void close() throws IOException {
        try (out;
                journal;
                running;
                earlier) {
            if (out.isOpen()) {
                out.force(false);
            }
        }
    }
}
