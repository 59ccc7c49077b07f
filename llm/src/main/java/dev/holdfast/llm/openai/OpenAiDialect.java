// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

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

/** OpenAI chat completions. Immutable and thread-safe. */
public final class OpenAiDialect implements Dialect {
    /** The dialect's name. */
    public static final String NAME = "openai";

    private final OpenAiQuirks quirks;
    private final ErrorReader errors;

    /** @param quirks of the server that it is spoken to */
    public OpenAiDialect(OpenAiQuirks quirks, ErrorReader errors) {
        this.quirks = quirks;
        this.errors = errors;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public EncodedRequest encode(LlmRequest request, String model, boolean stream) {
        return new OpenAiRequestWriter(quirks, errors).write(request, model, stream);
    }

    @Override
    public EncodedRequest passedOn(byte[] body, boolean stream) {
        return OpenAiRequestWriter.addressed(body, stream, List.of());
    }

    @Override
    public BoundedBody newBody(ResponseHead head) {
        return Answers.newBody(head, errors.limits());
    }

    @Override
    public LlmResponse decode(ResponseHead head, BoundedBody body) {
        return Answers.decode(head, body, errors, OpenAiResponseReader::read);
    }

    @Override
    public StreamDecoder streamDecoder(ResponseHead head, Consumer<? super StreamEvent> sink) {
        StreamAssembly assembly = new StreamAssembly(head, errors, sink);
        return new StreamDecoder(head, assembly, new OpenAiEventReader(assembly), errors, this::decode);
    }

    @Override
    public ErrorReader errors() {
        return errors;
    }
}
