// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** From a response or an exception to the error that AbstractCore's retry manager sees. */
final class AbstractCoreErrors {
    /** The final type of an error; {@code API} is its ProviderAPIError. */
    enum Type {
        AUTHENTICATION,
        INVALID_REQUEST,
        MODEL_NOT_FOUND,
        RATE_LIMIT,
        API
    }

    record Mapped(Type type, String text) {}

    private static final Pattern TIMEOUT_STATED = Pattern.compile("after [0-9.]+ ?s");

    /** Hosts that cannot exist were asked to see a failing look-up; their name must not read as "invalid". */
    private static final Pattern RESERVED_HOST = Pattern.compile("[a-z-]+\\.invalid");

    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(408, "Request Timeout"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"));

    private AbstractCoreErrors() {}

    static Mapped map(ErrorCase error) {
        if (error.exception() != null) {
            String first = error.exception().split(" <- ", 2)[0];
            int colon = first.indexOf(": ");
            String message = first.substring(colon + 2).equals("null") ? "" : first.substring(colon + 2);
            return generic(
                    first.substring(0, colon), RESERVED_HOST.matcher(message).replaceAll("host"));
        }
        if (error.status() == 200) {
            return generic("JSONDecodeError", "Expecting value: line 1 column 1 (char 0)");
        }
        return switch (error.provider()) {
            case "ollama" -> ollama(error);
            case "openai" -> generic("APIStatusError", sdkText(error));
            case "anthropic" -> anthropic(sdkText(error));
            default -> compatible(error);
        };
    }

    /** The mapper that every provider ends in; the first rule that fits. */
    private static Mapped generic(String type, String text) {
        String low = text.toLowerCase(Locale.ROOT);
        if (type.toLowerCase(Locale.ROOT).contains("timeout") || looksLikeTimeout(low)) {
            return new Mapped(Type.API, "API error: timed out");
        }
        if (low.contains("rate") && low.contains("limit")) {
            return new Mapped(Type.RATE_LIMIT, "Rate limit exceeded: " + text);
        }
        if (low.contains("auth") || low.contains("api key") || low.contains("unauthorized")) {
            return new Mapped(Type.AUTHENTICATION, text);
        }
        if (low.contains("invalid") || low.contains("bad request")) {
            return new Mapped(Type.INVALID_REQUEST, text);
        }
        return new Mapped(Type.API, "API error: " + text);
    }

    /** The HTTP client's own text is all that is looked at: it has the status, the reason, the address, not the body. */
    private static Mapped ollama(ErrorCase error) {
        String text = "'%d %s' for url 'http://localhost:11434/api/chat'"
                .formatted(error.status(), REASONS.getOrDefault(error.status(), ""));
        return error.status() == 404 ? new Mapped(Type.MODEL_NOT_FOUND, text) : generic("HTTPStatusError", text);
    }

    private static Mapped anthropic(String text) {
        String low = text.toLowerCase(Locale.ROOT);
        if (low.contains("api_key") || low.contains("authentication")) {
            return new Mapped(Type.AUTHENTICATION, text);
        }
        if (low.contains("404") || (low.contains("not_found_error") && low.contains("model:"))) {
            return new Mapped(Type.MODEL_NOT_FOUND, text);
        }
        return generic("APIStatusError", text);
    }

    private static Mapped compatible(ErrorCase error) {
        String text =
                "API error (%d): %s [http://localhost/v1/chat/completions]".formatted(error.status(), detail(error));
        String low = text.toLowerCase(Locale.ROOT);
        boolean missingModel = low.contains("model") && low.contains("not found");
        return switch (error.status()) {
            case 401, 403 -> new Mapped(Type.AUTHENTICATION, text);
            case 429 -> new Mapped(Type.RATE_LIMIT, text);
            case 400 -> new Mapped(missingModel ? Type.MODEL_NOT_FOUND : Type.INVALID_REQUEST, text);
            case 404 -> missingModel ? new Mapped(Type.MODEL_NOT_FOUND, text) : api(text);
            default -> api(text);
        };
    }

    private static Mapped api(String text) {
        boolean timeout = looksLikeTimeout(text.toLowerCase(Locale.ROOT))
                && !TIMEOUT_STATED.matcher(text).find();
        return new Mapped(Type.API, timeout ? "API error: timed out" : text);
    }

    private static boolean looksLikeTimeout(String low) {
        return low.contains("timed out") || low.contains("timeout") || low.contains("time out");
    }

    /** As the official Python clients print a response; where only its message is known, the reason stands for the rest. */
    private static String sdkText(ErrorCase error) {
        String reason = error.json() == null ? REASONS.getOrDefault(error.status(), "") : "";
        return "Error code: %d %s - %s".formatted(error.status(), reason, error.body());
    }

    private static String detail(ErrorCase error) {
        JsonNode json = error.json();
        if (json != null) {
            for (String path :
                    new String[] {"/error/message", "/error/error", "/error/detail", "/message", "/detail"}) {
                if (json.at(path).isString()) {
                    return json.at(path).asString();
                }
            }
        }
        return error.body().substring(0, Math.min(error.body().length(), 2000));
    }
}
