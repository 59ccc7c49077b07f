// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import dev.holdfast.failure.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Classifies errors given as JSON Lines: {@code {id, provider, transport, status, headers, body, exception}} in,
 * {@code {id, category, retry, retry_after_ms, reach, rule, sent, message}} out. One line out for each line in, in the same
 * order, flushed at once, so that another program can hold a conversation. Unknown keys are ignored; header values are
 * strings or arrays, their names in any case; a missing transport is {@code exception} when there is an exception and no
 * status, else {@code http}. A line that cannot be read gives {@code {line, error}} and the rest goes on.
 */
public final class ClassifyLines {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ClassifyLines() {}

    /**
     * Reads to the end of the input. Says what each error means, before policy: refusals by the caller's own guardrails
     * show where another answer could be had.
     *
     * @return whether every line was well-formed
     * @throws IOException if reading or writing fails
     */
    public static boolean run(Reader in, Writer out) throws IOException {
        return run(in, out, ProviderErrorClassifier.create().withFailoverPastGuardrails(true));
    }

    /** Like {@link #run(Reader, Writer)}, with a classifier of the caller's. */
    public static boolean run(Reader in, Writer out, ProviderErrorClassifier classifier) throws IOException {
        BufferedReader lines = in instanceof BufferedReader buffered ? buffered : new BufferedReader(in);
        boolean allWellFormed = true;
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            try {
                answer(parsed(line), classifier, result);
            } catch (MalformedLine malformed) {
                allWellFormed = false;
                result = JsonNodeFactory.instance.objectNode();
                result.put("line", number).put("error", malformed.reason);
            }
            out.write(JSON.writeValueAsString(result));
            out.write('\n');
            out.flush();
        }
        return allWellFormed;
    }

    private static void answer(JsonNode line, ProviderErrorClassifier classifier, ObjectNode result)
            throws MalformedLine {
        Failure failure = classifier.classify(input(line));
        result.set("id", line.has("id") ? line.get("id") : JsonNodeFactory.instance.nullNode());
        result.put("category", failure.category().word());
        result.put("retry", failure.scope().word());
        if (failure.hint() == null) {
            result.putNull("retry_after_ms");
        } else {
            result.put("retry_after_ms", millisRoundedUp(failure.hint()));
        }
        result.put("reach", failure.reach().word());
        result.put("rule", failure.rule());
        result.put("sent", failure.sent());
        result.put("message", failure.message());
    }

    /** Whole milliseconds, up: a stated wait is never shortened. */
    private static long millisRoundedUp(Duration wait) {
        return wait.plusNanos(999_999).toMillis();
    }

    private static JsonNode parsed(String line) throws MalformedLine {
        if (line.isBlank()) {
            throw new MalformedLine("the line is empty; write one JSON object per line");
        }
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JacksonException broken) {
            throw new MalformedLine("not JSON: " + SafeMessage.oneLine(String.valueOf(broken.getOriginalMessage())));
        }
        if (!node.isObject()) {
            throw new MalformedLine("not a JSON object");
        }
        return node;
    }

    private static ErrorInput input(JsonNode line) throws MalformedLine {
        int status = status(line.path("status"));
        String exception = string(line, "exception");
        return new ErrorInput(
                string(line, "provider"),
                transport(string(line, "transport"), status, exception),
                status,
                headers(line.path("headers")),
                body(line.path("body")),
                line.path("content_seen").asBoolean(false),
                null,
                exception);
    }

    private static ErrorInput.Transport transport(@Nullable String word, int status, @Nullable String exception)
            throws MalformedLine {
        if (word == null) {
            return exception != null && status == 0 ? ErrorInput.Transport.EXCEPTION : ErrorInput.Transport.HTTP;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "http" -> ErrorInput.Transport.HTTP;
            case "sse" -> ErrorInput.Transport.SSE;
            case "exception" -> ErrorInput.Transport.EXCEPTION;
            default -> throw new MalformedLine("transport must be http, sse or exception");
        };
    }

    private static int status(JsonNode node) throws MalformedLine {
        if (node.isMissingNode() || node.isNull()) {
            return 0;
        }
        int status = node.asInt(-1);
        if (status < 0 || status > 999) {
            throw new MalformedLine("status must be an HTTP status or null");
        }
        return status;
    }

    private static @Nullable String string(JsonNode line, String key) throws MalformedLine {
        JsonNode node = line.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isString()) {
            throw new MalformedLine(key + " must be a string or null");
        }
        return node.stringValue();
    }

    /** A body that is JSON itself instead of a string is taken as its text. */
    private static String body(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        return node.isString() ? node.stringValue() : node.toString();
    }

    private static Map<String, List<String>> headers(JsonNode node) throws MalformedLine {
        if (node.isMissingNode() || node.isNull()) {
            return Map.of();
        }
        if (!node.isObject()) {
            throw new MalformedLine("headers must be an object");
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> header : node.properties()) {
            List<String> values = new ArrayList<>();
            if (header.getValue().isArray()) {
                header.getValue().forEach(value -> values.add(value.asString("")));
            } else if (!header.getValue().isNull()) {
                values.add(header.getValue().asString(""));
            }
            headers.put(header.getKey(), values);
        }
        return headers;
    }

    private static final class MalformedLine extends Exception {
        private static final long serialVersionUID = 1L;

        final String reason;

        MalformedLine(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }
}
