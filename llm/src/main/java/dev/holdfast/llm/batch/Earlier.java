// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What earlier runs have left in the output, and its results one after the other. */
final class Earlier implements AutoCloseable {
    private final LineReader again;
    private long given;
    private long count;
    private long end;
    private @Nullable Failed firstFailed;
    private final Map<String, Long> failures = new TreeMap<>();

    /** The first error line, and where it begins. */
    record Failed(long line, long start) {}

    private Earlier(LineReader again) {
        this.again = again;
    }

    /** @throws BatchException if the file holds something else than results */
    static Earlier read(Path path) throws IOException {
        Earlier earlier = new Earlier(open(path));
        try (LineReader lines = open(path)) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                if (line.ended()) {
                    earlier.take(line, path);
                } else if (earlier.count == 0 && !ResultLine.mayBegin(line.bytes())) {
                    throw notOurs(path, 1);
                }
            }
        }
        return earlier;
    }

    private static LineReader open(Path path) throws IOException {
        return new LineReader(Files.newInputStream(path), ResultFiles.MAX_RESULT_BYTES);
    }

    private void take(LineReader.Line line, Path path) {
        ResultLine result = ResultLine.read(line.bytes());
        if (result == null) {
            throw notOurs(path, count + 1);
        }
        count++;
        end = line.end();
        if (result.category() != null) {
            failures.merge(result.category(), 1L, Long::sum);
            firstFailed = firstFailed != null ? firstFailed : new Failed(count, line.start());
        }
    }

    private static BatchException notOurs(Path path, long line) {
        return new BatchException(path + " exists and its line " + line
                + " is no result of a batch: give another --out, or remove the file");
    }

    /** How many whole lines there are. */
    long count() {
        return count;
    }

    /** Where the whole lines end. */
    long end() {
        return end;
    }

    @Nullable
    Failed firstFailed() {
        return firstFailed;
    }

    /** Error lines by category. */
    Map<String, Long> failures() {
        return failures;
    }

    /** The result of this line; lines are asked for in order. */
    @Nullable
    ResultLine next(long number) throws IOException {
        LineReader.Line line = again.next();
        given++;
        while (line != null && given < number) {
            line = again.next();
            given++;
        }
        return line == null ? null : ResultLine.read(line.bytes());
    }

    @Override
    public void close() throws IOException {
        again.close();
    }
}
