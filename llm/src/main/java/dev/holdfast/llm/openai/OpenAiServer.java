// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.dialect.AnswerHead;
import dev.holdfast.llm.dialect.DecodedRequest;
import dev.holdfast.llm.dialect.EncodedResponse;
import dev.holdfast.llm.dialect.ErrorBody;
import dev.holdfast.llm.dialect.ServerDialect;
import dev.holdfast.llm.dialect.StreamEncoder;
import dev.holdfast.llm.internal.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI chat completions, the server's half. Reasoning is told as {@code reasoning_content}, as most servers that tell it
 * do. Immutable and thread-safe.
 */
public final class OpenAiServer implements ServerDialect {

    @Override
    public String name() {
        return OpenAiDialect.NAME;
    }

    @Override
    public DecodedRequest decodeRequest(byte[] body) {
        return OpenAiRequestReader.read(body);
    }

    @Override
    public EncodedResponse encodeResponse(LlmResponse response, AnswerHead as) {
        return new OpenAiResponseWriter().write(response, as);
    }

    @Override
    public StreamEncoder streamEncoder(AnswerHead as) {
        return new OpenAiStreamWriter(as);
    }

    @Override
    public byte[] encodeError(ErrorBody error) {
        return Json.bytes(error(error));
    }

    static ObjectNode error(ErrorBody error) {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", error.message())
                .put("type", type(error.status()))
                .put("param", error.param())
                .put("code", error.code());
        return body;
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }
}
