// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs bodies through a dialect as a transport would. */
public final class Decoding {
    private Decoding() {}

    public static ErrorReader errors() {
        return new ErrorReader("test", new StatusClassifier(), DecodeLimits.DEFAULTS);
    }

    public static ResponseHead head(int status, String mediaType) {
        return new ResponseHead(status, Map.of("Content-Type", List.of(mediaType)));
    }

    public static LlmResponse decode(Dialect dialect, int status, String body) {
        ResponseHead head = head(status, "application/json");
        BoundedBody gathered = dialect.newBody(head);
        gathered.add(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
        return dialect.decode(head, gathered);
    }

    /** The events of a stream that ends cleanly. */
    public static List<StreamEvent> stream(Dialect dialect, String body) {
        return stream(dialect, body.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    }

    /** The events of a stream that comes in two pieces and ends cleanly. */
    public static List<StreamEvent> stream(Dialect dialect, byte[] bytes, int splitAt) {
        List<StreamEvent> events = new ArrayList<>();
        StreamDecoder decoder = dialect.streamDecoder(head(200, "text/event-stream"), events::add);
        int first = Math.min(splitAt, bytes.length);
        decoder.feed(ByteBuffer.wrap(bytes, 0, first));
        decoder.feed(ByteBuffer.wrap(bytes, first, bytes.length - first));
        decoder.end();
        return events;
    }
}
