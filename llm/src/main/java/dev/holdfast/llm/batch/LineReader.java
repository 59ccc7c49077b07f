// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads lines as bytes and knows where each begins and whether it was ended. A line that is too long is read over. */
final class LineReader implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private long offset;

    LineReader(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /**
     * @param bytes the line without its newline; what fits when it is too long
     * @param start where it begins
     * @param end where the next one begins
     * @param ended whether a newline followed; false for the rest of a file
     */
    record Line(byte[] bytes, long start, long end, boolean ended, boolean tooLong) {}

    /** The next line; null after the last. A file that ends with a newline has no empty line after it. */
    @Nullable
    Line next() throws IOException {
        long start = offset;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        while (from < to || fill()) {
            int newline = from;
            while (newline < to && buffer[newline] != '\n') {
                newline++;
            }
            int fits = Math.min(newline - from, maxBytes - line.size());
            line.write(buffer, from, fits);
            tooLong |= fits < newline - from;
            offset += newline - from;
            from = newline;
            if (newline < to) {
                from++;
                offset++;
                return new Line(line.toByteArray(), start, offset, true, tooLong);
            }
        }
        return offset == start ? null : new Line(line.toByteArray(), start, offset, false, tooLong);
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(buffer));
        return to > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
