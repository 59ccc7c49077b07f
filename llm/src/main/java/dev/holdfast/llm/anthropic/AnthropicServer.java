// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.dialect.AnswerHead;
import dev.holdfast.llm.dialect.DecodedRequest;
import dev.holdfast.llm.dialect.EncodedResponse;
import dev.holdfast.llm.dialect.ErrorBody;
import dev.holdfast.llm.dialect.ServerDialect;
import dev.holdfast.llm.dialect.StreamEncoder;
import dev.holdfast.llm.internal.Json;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic messages, the server's half. A stream always ends with its usage. Immutable and thread-safe. */
public final class AnthropicServer implements ServerDialect {

    @Override
    public String name() {
        return AnthropicDialect.NAME;
    }

    @Override
    public DecodedRequest decodeRequest(byte[] body) {
        return AnthropicRequestReader.read(body);
    }

    @Override
    public EncodedResponse encodeResponse(LlmResponse response, AnswerHead as) {
        return new AnthropicResponseWriter().write(response, as);
    }

    @Override
    public StreamEncoder streamEncoder(AnswerHead as) {
        return new AnthropicStreamWriter(as);
    }

    @Override
    public byte[] encodeError(ErrorBody error) {
        return Json.bytes(error(error));
    }

    static ObjectNode error(ErrorBody error) {
        ObjectNode body = Json.object().put("type", "error");
        ObjectNode inner = body.putObject("error")
                .put("type", type(error))
                .put("message", error.message())
                .put("code", error.code());
        if (error.param() != null) {
            inner.put("param", error.param());
        }
        return body.put("request_id", error.requestId());
    }

    private static String type(ErrorBody error) {
        return switch (error.status()) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> error.status() < 500 ? "invalid_request_error" : "api_error";
        };
    }
}
