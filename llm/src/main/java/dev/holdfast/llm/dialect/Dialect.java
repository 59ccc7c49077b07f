// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.util.function.Consumer;

/**
 * A wire format, seen from the client: requests are encoded, answers, streams and errors decoded. Implementations are
 * immutable and thread-safe; the bodies and decoders that they make serve one response each.
 */
public interface Dialect {

    /** The dialect's name, for example {@code openai}. */
    String name();

    /**
     * Puts a request into the wire format.
     *
     * @param model the provider's name of the model
     * @param stream whether the answer shall be streamed
     * @throws ProviderException category invalid_request, scope other_target, if the request holds content that this
     *     dialect cannot carry
     */
    EncodedRequest encode(LlmRequest request, String model, boolean stream);

    /**
     * A request that is in this wire format already, passed on as it is: with the path and the headers that {@link #encode}
     * gives.
     *
     * @param body JSON in UTF-8; kept, not copied
     */
    EncodedRequest passedOn(byte[] body, boolean stream);

    /** Where to gather the body of a response that is not read as a stream: any error, and a plain answer. */
    BoundedBody newBody(ResponseHead head);

    /**
     * Reads a whole response.
     *
     * @throws ProviderException if it is an error, too large, not of this dialect, or an answer that holds nothing
     */
    LlmResponse decode(ResponseHead head, BoundedBody body);

    /** Reads a successful response as a stream. The decoder hands every event to the sink, on the thread that feeds it. */
    StreamDecoder streamDecoder(ResponseHead head, Consumer<? super StreamEvent> sink);

    /** How this dialect's provider reports errors. */
    ErrorReader errors();
}
