// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A push parser of event streams, after the WHATWG HTML standard, section "Server-sent events": lines end with CR, LF
 * or CRLF, one leading byte order mark is skipped, malformed UTF-8 becomes U+FFFD. Bytes may be cut anywhere, also
 * inside a character or between CR and LF: the events are the same. Not thread-safe.
 *
 * <p>Lines are gathered as bytes and only data that reaches an event becomes a string, once. At most one line and the
 * data of one event are held, both bounded.
 *
 * <p>One deviation: the standard drops an event that the end of the stream leaves without its blank line;
 * {@link #end} hands it over, because servers do end so and what is cut shows in the data itself.
 */
public final class SseParser {
    /** The default limit of a line and of the data of an event: 16 MiB, room for an image inside a tool call. */
    public static final int DEFAULT_LIMIT_BYTES = 16 << 20;

    private static final byte[] DATA = ascii("data");
    private static final byte[] EVENT = ascii("event");
    private static final byte[] ID = ascii("id");
    private static final byte[] RETRY = ascii("retry");
    private static final String DEFAULT_TYPE = "message";
    private static final int INITIAL_BYTES = 512;
    /** A buffer that one large event has grown beyond this is given up after it. */
    private static final int KEPT_BYTES = 64 << 10;

    private final int lineLimitBytes;
    private final int eventLimitBytes;

    private byte[] line = new byte[INITIAL_BYTES];
    private int lineLength;
    private byte[] data = new byte[INITIAL_BYTES];
    private int dataLength;
    private boolean hasData;
    private String type = DEFAULT_TYPE;
    private String lastEventId = "";
    private long retryMillis = -1;
    private boolean afterCr;
    private boolean firstLine = true;

    public SseParser() {
        this(DEFAULT_LIMIT_BYTES, DEFAULT_LIMIT_BYTES);
    }

    /**
     * @param lineLimitBytes the most bytes of one line
     * @param eventLimitBytes the most bytes of the data of one event
     * @throws IllegalArgumentException if a limit is not positive
     */
    public SseParser(int lineLimitBytes, int eventLimitBytes) {
        if (lineLimitBytes <= 0 || eventLimitBytes <= 0) {
            throw new IllegalArgumentException("limits must be positive");
        }
        this.lineLimitBytes = lineLimitBytes;
        this.eventLimitBytes = eventLimitBytes;
    }

    /**
     * Takes the next bytes, all that remain in the buffer, and gives each event that they complete to the sink.
     *
     * @throws SseLimitException if a line or an event is too large; callers must then drop the parser
     */
    public void feed(ByteBuffer bytes, Consumer<? super ServerSentEvent> sink) {
        while (bytes.hasRemaining()) {
            if (afterCr) {
                afterCr = false;
                if (bytes.get(bytes.position()) == '\n') {
                    bytes.get();
                    continue;
                }
            }
            appendToLine(bytes, lengthUpToLineEnd(bytes));
            if (bytes.hasRemaining()) {
                afterCr = bytes.get() == '\r';
                endOfLine(sink);
            }
        }
    }

    /** The stream is over: hands over what is complete but for its line end or blank line. */
    public void end(Consumer<? super ServerSentEvent> sink) {
        if (lineLength > 0) {
            endOfLine(sink);
        }
        dispatch(sink);
    }

    /** The reconnection time that the stream last asked for, in milliseconds; -1 when it did not. */
    public long retryMillis() {
        return retryMillis;
    }

    private static int lengthUpToLineEnd(ByteBuffer bytes) {
        int limit = bytes.limit();
        int end = bytes.position();
        while (end < limit && bytes.get(end) != '\n' && bytes.get(end) != '\r') {
            end++;
        }
        return end - bytes.position();
    }

    private void appendToLine(ByteBuffer bytes, int length) {
        if (length > lineLimitBytes - lineLength) {
            throw new SseLimitException("a line", lineLimitBytes);
        }
        line = withRoomFor(line, lineLength + length);
        bytes.get(line, lineLength, length);
        lineLength += length;
    }

    private void endOfLine(Consumer<? super ServerSentEvent> sink) {
        int start = firstLine && startsWithByteOrderMark() ? 3 : 0;
        firstLine = false;
        int end = lineLength;
        lineLength = 0;
        if (start == end) {
            dispatch(sink);
        } else {
            field(start, end);
        }
        if (line.length > KEPT_BYTES) {
            line = new byte[INITIAL_BYTES];
        }
    }

    private boolean startsWithByteOrderMark() {
        return lineLength >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    }

    private void field(int start, int end) {
        int colon = start;
        while (colon < end && line[colon] != ':') {
            colon++;
        }
        int value = Math.min(end, colon + 1);
        if (value < end && line[value] == ' ') {
            value++;
        }
        if (named(DATA, start, colon)) {
            appendToData(value, end);
        } else if (named(EVENT, start, colon)) {
            type = value == end ? DEFAULT_TYPE : text(value, end);
        } else if (named(ID, start, colon)) {
            String id = text(value, end);
            lastEventId = id.indexOf('\0') < 0 ? id : lastEventId;
        } else if (named(RETRY, start, colon)) {
            retry(value, end);
        }
        // Anything else is a comment (empty name) or a field that the standard says to ignore.
    }

    private boolean named(byte[] name, int from, int to) {
        return Arrays.equals(name, 0, name.length, line, from, to);
    }

    private void appendToData(int from, int to) {
        int length = to - from;
        if (length > eventLimitBytes - dataLength) {
            throw new SseLimitException("an event", eventLimitBytes);
        }
        data = withRoomFor(data, dataLength + length + 1);
        System.arraycopy(line, from, data, dataLength, length);
        dataLength += length;
        data[dataLength++] = '\n';
        hasData = true;
    }

    private void retry(int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            if (line[i] < '0' || line[i] > '9' || value > Integer.MAX_VALUE) {
                return;
            }
            value = value * 10 + (line[i] - '0');
        }
        retryMillis = from == to ? retryMillis : value;
    }

    private void dispatch(Consumer<? super ServerSentEvent> sink) {
        boolean hadData = hasData;
        String eventType = type;
        int length = Math.max(0, dataLength - 1);
        hasData = false;
        type = DEFAULT_TYPE;
        dataLength = 0;
        if (!hadData) {
            return;
        }
        String payload = new String(data, 0, length, StandardCharsets.UTF_8);
        if (data.length > KEPT_BYTES) {
            data = new byte[INITIAL_BYTES];
        }
        sink.accept(new ServerSentEvent(eventType, payload, lastEventId));
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }

    private static byte[] withRoomFor(byte[] bytes, int length) {
        return length <= bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
    }

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
