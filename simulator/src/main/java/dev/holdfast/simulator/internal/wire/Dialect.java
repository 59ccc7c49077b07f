// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import dev.holdfast.simulator.internal.behaviour.Provider;
import tools.jackson.databind.JsonNode;

/** A wire format, both ways: the request read, the answer written. Stateless, thread-safe. */
public interface Dialect {
    /** Reads a request; throws {@link ModelRequest.Invalid} where the wire format forbids it. */
    ModelRequest read(JsonNode body);

    /** Writes one answer to what {@code body} asked; {@code serial} makes ids, {@code createdSeconds} is the wall clock's epoch second. */
    AnswerWriter writer(JsonNode body, ModelRequest request, Answer answer, long serial, long createdSeconds);

    /** Whose errors this dialect shows unless the model name says otherwise. */
    Provider errors();

    /** The status of an error inside a 200 that the model name leaves open. */
    int inBandStatus();

    /** The response header in which this dialect's request id travels. */
    String requestIdHeader();
}
