// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.dialect.Answers;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.dialect.StreamAssembly;
import dev.holdfast.llm.dialect.StreamDecoder;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.util.List;
import java.util.function.Consumer;

/**
 * Anthropic messages, version 2023-06-01. Immutable and thread-safe.
 *
 * <p>The dialect demands a token limit: a request without one is sent with {@value #DEFAULT_MAX_TOKENS}. An answer that
 * needs more ends with {@link dev.holdfast.llm.FinishReason#LENGTH}.
 */
public final class AnthropicDialect implements Dialect {
    /** The dialect's name. */
    public static final String NAME = "anthropic";
    /** The token limit of a request that states none. */
    public static final int DEFAULT_MAX_TOKENS = 8192;

    /** What a schema of an answer is called that a client of this dialect asks for: here schemas have no name. */
    static final String SCHEMA_NAME = "response";

    private final ErrorReader errors;

    public AnthropicDialect(ErrorReader errors) {
        this.errors = errors;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public EncodedRequest encode(LlmRequest request, String model, boolean stream) {
        return new AnthropicRequestWriter(errors).write(request, model, stream);
    }

    @Override
    public EncodedRequest passedOn(byte[] body, boolean stream) {
        return AnthropicRequestWriter.addressed(body, stream, List.of());
    }

    @Override
    public BoundedBody newBody(ResponseHead head) {
        return Answers.newBody(head, errors.limits());
    }

    @Override
    public LlmResponse decode(ResponseHead head, BoundedBody body) {
        return Answers.decode(head, body, errors, AnthropicResponseReader::read);
    }

    @Override
    public StreamDecoder streamDecoder(ResponseHead head, Consumer<? super StreamEvent> sink) {
        StreamAssembly assembly = new StreamAssembly(head, errors, sink);
        return new StreamDecoder(head, assembly, new AnthropicEventReader(assembly), errors, this::decode);
    }

    @Override
    public ErrorReader errors() {
        return errors;
    }
}
