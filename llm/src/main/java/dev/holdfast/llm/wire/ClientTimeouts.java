// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.TimeoutConfig;
import java.time.Duration;

/**
 * What a client wants that knows two timeouts, as the official ones do; zero is none. Immutable.
 *
 * @param connect for a connection
 * @param request for a whole plain call; of a stream it bounds only the silences, or a healthy one would be cut
 */
public record ClientTimeouts(Duration connect, Duration request) {
    /** Each the shorter of the engine's and the client's. */
    public TimeoutConfig within(TimeoutConfig engine, boolean stream) {
        return new TimeoutConfig(
                shorter(engine.connect(), connect),
                shorter(engine.firstContent(), request),
                shorter(engine.idle(), request),
                stream ? engine.attempt() : shorter(engine.attempt(), request));
    }

    /** How long one read may take at the most under such timeouts, for an HTTP client below that watches reads alone. */
    public static Duration longestRead(TimeoutConfig timeouts, boolean stream) {
        if (!stream) {
            return timeouts.attempt();
        }
        return timeouts.firstContent().compareTo(timeouts.idle()) < 0 ? timeouts.idle() : timeouts.firstContent();
    }

    private static Duration shorter(Duration engine, Duration client) {
        return client.isZero() || engine.compareTo(client) <= 0 ? engine : client;
    }
}
