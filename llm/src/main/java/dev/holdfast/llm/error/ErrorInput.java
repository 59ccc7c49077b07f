// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known about an error of one attempt. Immutable.
 *
 * @param provider the provider family in lower case, for example {@code openai} or {@code aws_bedrock}; null when unknown
 * @param transport how the error arrived
 * @param status the HTTP status; 0 when there was none. Inside a stream usually 200.
 * @param headers response headers, each name with its values in the order sent; names are looked up in any case
 * @param body the response body, or for a stream what was received of it; may be empty, may be cut
 * @param contentSeen whether content had reached us before the error
 * @param exception what the client threw; null when nothing was thrown
 * @param exceptionText an exception known only as text, {@code class: message}; null when there is none
 */
public record ErrorInput(
        @Nullable String provider,
        Transport transport,
        int status,
        Map<String, List<String>> headers,
        String body,
        boolean contentSeen,
        @Nullable Throwable exception,
        @Nullable String exceptionText) {

    /** How an error arrived. */
    public enum Transport {
        /** A whole HTTP response. */
        HTTP,
        /** Inside a stream that had begun, whatever its framing (server-sent events, JSON Lines, event-stream frames). */
        SSE,
        /** The client threw; there may be no response at all. */
        EXCEPTION
    }

    public ErrorInput {
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(body, "body");
        provider = provider == null ? null : provider.toLowerCase(Locale.ROOT);
        headers = HeaderMap.copyOf(headers);
    }

    /** An error response. */
    public static ErrorInput http(
            @Nullable String provider, int status, Map<String, List<String>> headers, String body) {
        return new ErrorInput(provider, Transport.HTTP, status, headers, body, false, null, null);
    }

    /** An error inside a stream: the payload of the event that carries it, or everything received so far. */
    public static ErrorInput stream(
            @Nullable String provider,
            int status,
            Map<String, List<String>> headers,
            String body,
            boolean contentSeen) {
        return new ErrorInput(provider, Transport.SSE, status, headers, body, contentSeen, null, null);
    }

    /** A thrown exception, before any content. */
    public static ErrorInput exception(@Nullable String provider, Throwable exception) {
        Objects.requireNonNull(exception, "exception");
        return new ErrorInput(provider, Transport.EXCEPTION, 0, Map.of(), "", false, exception, null);
    }

    /** The first value of a header, in any case; null when the response does not have it. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }
}
