// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a response, plain or streamed. With an error status the body is an error as a whole. With status 200 each event
 * is looked at: error objects are read as errors wherever they stand, the rest tells whether it is an answer.
 */
final class ResponseReader {
    /** No honest error is longer; what follows is not looked at. */
    static final int MAX_BODY_CHARS = 64 * 1024;

    /** Payloads that are no JSON: one is an error in plain words, thousands are a flood. */
    private static final int MAX_BROKEN = 8;

    private final ErrorFields fields;
    private int brokenLeft = MAX_BROKEN;
    private final ErrorReader errors;
    private final AnswerShape answer = new AnswerShape();

    ResponseReader(ErrorFields fields) {
        this.fields = fields;
        this.errors = new ErrorReader(fields);
    }

    void read(ErrorInput input) {
        String body = input.body().length() > MAX_BODY_CHARS ? input.body().substring(0, MAX_BODY_CHARS) : input.body();
        if (input.contentSeen()) {
            fields.set(Fact.CONTENT_SEEN);
        }
        boolean successStatus = input.status() >= 200 && input.status() < 300;
        boolean stream = input.transport() == ErrorInput.Transport.SSE;
        if (stream && input.status() < 400) {
            fields.set(Fact.IN_STREAM);
        }
        if (successStatus || stream && input.status() == 0) {
            readSuccess(body, input.contentSeen());
        } else if (!body.isBlank()) {
            readError(body);
        }
    }

    private void readError(String body) {
        if (!isEventStream(body)) {
            errors.read(body);
            return;
        }
        for (String payload : payloads(body)) {
            errors.read(payload);
        }
    }

    private void readSuccess(String body, boolean contentSeen) {
        for (String payload : payloads(body)) {
            readEvent(payload);
        }
        if (!fields.holds(Fact.ERROR_FOUND)) {
            answer.report(fields, contentSeen);
        } else if (answer.content() || answer.failed()) {
            fields.set(Fact.CONTENT_SEEN);
        }
    }

    private void readEvent(String payload) {
        if (payload.isBlank() || payload.equals("[DONE]")) {
            return;
        }
        JsonNode json = ErrorReader.parse(payload);
        if (json == null) {
            if (brokenLeft-- > 0) {
                fields.set(Fact.ERROR_FOUND);
                errors.read(payload);
            }
        } else if (isError(json)) {
            fields.set(Fact.ERROR_FOUND);
            errors.read(json);
            answer.look(json);
        } else if (json.isArray()) {
            json.forEach(this::lookOrRead);
        } else {
            answer.look(json);
        }
    }

    private void lookOrRead(JsonNode element) {
        if (isError(element)) {
            fields.set(Fact.ERROR_FOUND);
            errors.read(element);
        } else {
            answer.look(element);
        }
    }

    private static boolean isError(JsonNode json) {
        if (json.isString()) {
            return true;
        }
        if (!json.isObject()) {
            return false;
        }
        if (isPresent(json.get("error"))
                || isPresent(json.get("errors"))
                || isPresent(json.path("response").get("error"))) {
            return true;
        }
        String type = json.path("type").asString("");
        if (type.equals("error")
                || type.equals("response.failed")
                || json.path("object").asString("").equals("error")) {
            return true;
        }
        int baseStatus = json.path("base_resp").path("status_code").asInt(0);
        boolean bareMessage = json.path("message").isString() || json.has("detail");
        return baseStatus != 0
                || bareMessage && !json.has("choices") && !json.has("candidates") && !json.has("content");
    }

    private static boolean isPresent(@Nullable JsonNode error) {
        return error != null
                && !error.isNull()
                && !(error.isBoolean() && !error.asBoolean())
                && !(error.isContainer() && error.isEmpty());
    }

    private static boolean isEventStream(String body) {
        String head = body.stripLeading();
        return head.startsWith("data:") || head.startsWith("event:") || head.startsWith("id:") || head.startsWith(": ");
    }

    /** The payloads of server-sent events, the lines of JSON Lines, or the whole body. */
    private static List<String> payloads(String body) {
        if (isEventStream(body)) {
            return sentEvents(body);
        }
        String trimmed = body.strip();
        if (trimmed.isEmpty()) {
            return List.of();
        }
        boolean severalLines = trimmed.startsWith("{") && trimmed.indexOf('\n') > 0;
        if (severalLines && ErrorReader.parse(firstLine(trimmed)) != null) {
            return trimmed.lines().filter(line -> !line.isBlank()).toList();
        }
        return List.of(trimmed);
    }

    private static String firstLine(String text) {
        return text.substring(0, text.indexOf('\n'));
    }

    private static List<String> sentEvents(String body) {
        List<String> events = new ArrayList<>();
        StringBuilder data = new StringBuilder();
        for (String line : (Iterable<String>) body.lines()::iterator) {
            if (line.isBlank()) {
                flush(data, events);
            } else if (line.startsWith("data:")) {
                String piece = line.substring("data:".length()).strip();
                if (piece.startsWith("{") && looksWhole(data)) {
                    flush(data, events);
                }
                data.append(data.isEmpty() ? "" : "\n").append(piece);
            } else if (line.startsWith("{")) {
                flush(data, events);
                events.add(line);
            }
        }
        flush(data, events);
        return events;
    }

    /** Whether a new object begins a new event although no blank line came between: some servers forget it. */
    private static boolean looksWhole(StringBuilder data) {
        char last = data.isEmpty() ? 0 : data.charAt(data.length() - 1);
        return (last == '}' || last == ']') && ErrorReader.parse(data.toString()) != null;
    }

    private static void flush(StringBuilder data, List<String> events) {
        if (!data.isEmpty()) {
            events.add(data.toString());
            data.setLength(0);
        }
    }
}
