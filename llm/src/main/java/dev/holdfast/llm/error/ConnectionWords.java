// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened to a connection, in words for people: libraries speak of parsers and states. */
final class ConnectionWords {
    private static final String CUT = "the connection was cut in the middle of the answer";

    private static final Map<String, String> BY_RULE = Map.ofEntries(
            Map.entry("connection.dns", "the host name could not be resolved"),
            Map.entry("connection.handshake_timeout", "the TLS handshake took too long"),
            Map.entry("connection.connect_timeout", "no connection was made in time"),
            Map.entry("connection.timeout", "no answer came in time"),
            Map.entry("connection.timeout_words", "no answer came in time"),
            Map.entry("connection.pool_exhausted", "no connection was free"),
            Map.entry("connection.tls_permanent", "no secure connection is possible with this server"),
            Map.entry("connection.tls_broken_off", "the server broke the TLS handshake off"),
            Map.entry("connection.refused", "the connection was refused, or the server cannot be reached"),
            Map.entry("connection.stream_not_processed", "the server did not take the request"),
            Map.entry("connection.enhance_your_calm", "the server asks for fewer requests"),
            Map.entry("connection.body_cut", CUT),
            Map.entry("connection.eof_while_reading", CUT),
            Map.entry("connection.going_away", "the server is closing its connections"),
            Map.entry("connection.no_response", "the connection was closed before an answer came"),
            Map.entry("connection.reset", "the connection was reset"),
            Map.entry("connection.io", "the connection failed"));

    private ConnectionWords() {}

    /** The words for what a rule stands for, under its full name; null for rules of answers. */
    static @Nullable String of(String rule) {
        return BY_RULE.get(rule);
    }
}
