// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.LlmResponse;

/**
 * A wire format, seen from the server: a client's requests are decoded, answers, streams and errors encoded. Implementations
 * are immutable and thread-safe; the stream encoders that they make serve one stream each.
 */
public interface ServerDialect {

    /** The dialect's name, the same as that of its {@link Dialect}. */
    String name();

    /**
     * Reads a client's request. Fields that only this dialect knows are kept in the request, its messages, parts and tools.
     *
     * @param body JSON in UTF-8
     * @throws InvalidRequestException if it is not a request of this dialect; no other exception, whatever the body
     */
    DecodedRequest decodeRequest(byte[] body);

    /**
     * Writes a whole answer.
     *
     * @param as what the client is told about the answer beside its content
     */
    EncodedResponse encodeResponse(LlmResponse response, AnswerHead as);

    /** Writes a streamed answer. */
    StreamEncoder streamEncoder(AnswerHead as);

    /** Writes the body of an error response, JSON in UTF-8. */
    byte[] encodeError(ErrorBody error);
}
