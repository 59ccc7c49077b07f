// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import java.time.Duration;

/**
 * How long one request may take. Immutable.
 *
 * @param connect until the connection stands
 * @param firstByte from the request to the first byte of the body
 * @param idle the longest silence from then on, while somebody reads
 * @param whole the request to its end, of a stream too
 */
record HttpTimeouts(Duration connect, Duration firstByte, Duration idle, Duration whole) {
    HttpTimeouts {
        positive("connectTimeout", connect);
        positive("firstByteTimeout", firstByte);
        positive("idleTimeout", idle);
        positive("wholeTimeout", whole);
    }

    static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
        return value;
    }
}
