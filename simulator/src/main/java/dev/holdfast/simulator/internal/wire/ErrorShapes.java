// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import dev.holdfast.simulator.internal.behaviour.Provider;
import dev.holdfast.simulator.internal.behaviour.RetryHint;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Error bodies in the form each provider documents; the words are the simulator's own. */
public final class ErrorShapes {
    private static final int VALIDATION = 422;

    private ErrorShapes() {}

    /** What {@code provider} answers with {@code status} to a request for {@code model}. */
    public static ErrorBody of(Provider provider, int status, String model, RetryHint hint, long serial) {
        ErrorKind kind = ErrorKind.of(status);
        String message = kind.message(model) + stated(hint);
        return switch (provider) {
            case ANTHROPIC -> anthropic(kind.anthropicType, message, serial);
            case AZURE -> azure(kind, status, message);
            case GEMINI -> gemini(kind, status, message, hint);
            case MISTRAL -> mistral(kind, status, message);
            case COHERE ->
                ErrorBody.json(Json.object().put("id", "sim-" + serial).put("message", message));
            case XAI -> ErrorBody.json(Json.object().put("code", words(kind)).put("error", message));
            case OPENROUTER -> openRouter(status, message);
            case OLLAMA -> ErrorBody.json(Json.object().put("error", message));
            case HUGGINGFACE -> huggingFace(kind, message);
            case BEDROCK -> bedrock(kind, message);
            case NGINX, CLOUDFLARE, HAPROXY -> ProxyPages.of(provider, status, serial);
            case DEEPSEEK -> openAi(message, kind.anthropicType, null, "invalid_request_error");
            case FIREWORKS -> fireworks(kind, message);
            case VLLM -> vllm(kind, status, message);
            case LITELLM -> openAi(message, kind.anthropicType, null, Integer.toString(status));
            case GROQ -> openAi(message, groqType(kind), null, kind.openAiCode);
            case OPENAI, TOGETHER ->
                openAi(message, kind.openAiType, kind == ErrorKind.NOT_FOUND ? "model" : null, kind.openAiCode);
        };
    }

    /** A request that cannot be read, with the field at fault; always in the dialect's own shape. */
    public static ErrorBody invalid(
            Dialect dialect, String message, @Nullable String field, @Nullable String code, long serial) {
        return dialect.errors() == Provider.ANTHROPIC
                ? anthropic(ErrorKind.INVALID.anthropicType, message, serial)
                : openAi(message, ErrorKind.INVALID.openAiType, field, code);
    }

    /** The error of a server that could not even tell the dialect. */
    public static ErrorBody plain(String message, String type) {
        return openAi(message, type, null, null);
    }

    private static ErrorBody openAi(String message, String type, @Nullable String param, @Nullable String code) {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return ErrorBody.json(body);
    }

    private static ErrorBody anthropic(String type, String message, long serial) {
        ObjectNode body = Json.object().put("type", "error");
        body.putObject("error").put("type", type).put("message", message);
        return ErrorBody.json(body.put("request_id", "req_sim" + serial));
    }

    private static ErrorBody azure(ErrorKind kind, int status, String message) {
        ObjectNode body = Json.object();
        String code = kind == ErrorKind.NOT_FOUND ? "DeploymentNotFound" : Integer.toString(status);
        body.putObject("error").put("code", code).put("message", message);
        return ErrorBody.json(body).with(Map.of("apim-request-id", "sim", "x-ms-region", "Simulated Region"));
    }

    /** Google's OpenAI-compatible endpoint wraps its error object in an array. */
    private static ErrorBody gemini(ErrorKind kind, int status, String message, RetryHint hint) {
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error")
                .put("code", status)
                .put("message", message)
                .put("status", kind.googleStatus);
        if (hint.inSeconds() > 0) {
            error.putArray("details")
                    .addObject()
                    .put("@type", "type.googleapis.com/google.rpc.RetryInfo")
                    .put("retryDelay", seconds(hint.inSeconds()) + "s");
        }
        return ErrorBody.json(Json.array().add(body));
    }

    private static ErrorBody mistral(ErrorKind kind, int status, String message) {
        if (status == VALIDATION) {
            ObjectNode body = Json.object();
            ObjectNode detail = body.putArray("detail")
                    .addObject()
                    .put("type", "value_error")
                    .put("msg", message);
            detail.putArray("loc").add("body").add("model");
            return ErrorBody.json(body);
        }
        if (kind == ErrorKind.AUTH) {
            return ErrorBody.json(Json.object().put("detail", "Unauthorized"));
        }
        String type = kind == ErrorKind.RATE ? "rate_limited" : kind.anthropicType;
        return ErrorBody.json(Json.object()
                .put("object", "error")
                .put("message", message)
                .put("type", type)
                .putNull("param")
                .put("code", kind == ErrorKind.RATE ? "1300" : Integer.toString(status)));
    }

    private static ErrorBody openRouter(int status, String message) {
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error").put("message", message).put("code", status);
        if (status == 429 || status >= 500) {
            error.putObject("metadata").put("provider_name", "Sim");
        }
        return ErrorBody.json(body.put("user_id", "user_sim"));
    }

    private static ErrorBody huggingFace(ErrorKind kind, String message) {
        ObjectNode body = Json.object().put("error", message);
        return ErrorBody.json(busy(kind) ? body.put("error_type", "overloaded") : body);
    }

    private static boolean busy(ErrorKind kind) {
        return kind == ErrorKind.UNAVAILABLE || kind == ErrorKind.OVERLOADED;
    }

    private static ErrorBody bedrock(ErrorKind kind, String message) {
        return ErrorBody.json(Json.object().put("message", message))
                .with(Map.of("x-amzn-errortype", kind.amazonException + ":http://internal.example.com/coral/"));
    }

    private static ErrorBody fireworks(ErrorKind kind, String message) {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("object", "error")
                .put("type", kind.anthropicType)
                .put("code", words(kind).toUpperCase(Locale.ROOT).replace(' ', '_'))
                .put("message", message);
        return ErrorBody.json(body);
    }

    private static ErrorBody vllm(ErrorKind kind, int status, String message) {
        String type =
                switch (kind) {
                    case NOT_FOUND -> "NotFoundError";
                    case AUTH -> "Unauthorized";
                    case SERVER -> "InternalServerError";
                    case UNAVAILABLE, OVERLOADED -> "ServiceUnavailableError";
                    default -> "BadRequestError";
                };
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .putNull("param")
                .put("code", status);
        return ErrorBody.json(body);
    }

    private static String groqType(ErrorKind kind) {
        return switch (kind) {
            case SERVER, UNAVAILABLE, OVERLOADED -> "internal_server_error";
            default -> kind.openAiType;
        };
    }

    /** The kind in plain words, as some providers' codes are. */
    private static String words(ErrorKind kind) {
        return switch (kind) {
            case INVALID -> "invalid argument";
            case AUTH -> "unauthenticated";
            case BILLING -> "payment required";
            case PERMISSION -> "permission denied";
            case NOT_FOUND -> "not found";
            case TIMEOUT -> "deadline exceeded";
            case CONFLICT -> "aborted";
            case TOO_LARGE -> "payload too large";
            case RATE -> "resource exhausted";
            case SERVER -> "internal error";
            case UNAVAILABLE, OVERLOADED -> "service unavailable";
        };
    }

    private static String stated(RetryHint hint) {
        return hint.inSeconds() > 0 ? " Please try again in " + seconds(hint.inSeconds()) + "s." : "";
    }

    private static String seconds(double seconds) {
        return BigDecimal.valueOf(seconds).stripTrailingZeros().toPlainString();
    }
}
