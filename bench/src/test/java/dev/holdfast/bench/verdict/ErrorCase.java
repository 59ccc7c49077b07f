// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One error of the corpus and the verdict that people gave it.
 *
 * @param line the case as it stands in the corpus
 * @param transport http, sse or exception
 * @param status 0 when there is none; for a plain response without one, the number that its body states as its code
 * @param headers names in lower case
 * @param exception the chain of exceptions as text, outermost first; null unless the transport is exception
 * @param category the word that people chose; {@code alsoRight} are others that they accept
 * @param scope same_target, other_target or never
 * @param waitMs the wait that the server stated; null when it stated none
 */
record ErrorCase(
        JsonNode line,
        String id,
        String provider,
        String transport,
        int status,
        Map<String, String> headers,
        String body,
        @Nullable String exception,
        String category,
        Set<String> alsoRight,
        String scope,
        @Nullable Long waitMs) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern ERROR_FIELD = Pattern.compile("\"error\"\\s*:\\s*[{\"]");

    static ErrorCase read(String text) {
        JsonNode line = JSON.readTree(text);
        JsonNode expected = line.path("expected");
        JsonNode wait = expected.path("retry_after_ms");
        String body = line.path("body").asString("");
        Map<String, String> headers = new TreeMap<>();
        line.path("headers")
                .properties()
                .forEach(header -> headers.put(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue().asString("")));
        Set<String> alsoRight = new TreeSet<>();
        line.path("also_ok").forEach(word -> alsoRight.add(word.asString()));
        String transport = line.path("transport").asString();
        return new ErrorCase(
                line,
                line.path("id").asString(),
                line.path("provider").asString(),
                transport,
                transport.equals("exception") ? 0 : statusOf(line.path("status"), body),
                headers,
                body,
                line.path("exception").isNull() ? null : line.path("exception").asString(),
                expected.path("category").asString(),
                alsoRight,
                expected.path("retry").asString(),
                wait.isNumber() ? wait.asLong() : null);
    }

    /** Whether waiting and trying here again is right. */
    boolean retryIsRight() {
        return scope.equals("same_target");
    }

    boolean isStream() {
        return transport.equals("sse");
    }

    /** How exactly it was published: wire, exception, message_only and others. */
    String form() {
        return line.path("form").asString();
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    /** The moment of the response by its own Date header, else any fixed one: nothing depends on today. */
    Clock clock() {
        String date = header("date");
        Instant now = date == null
                ? Instant.EPOCH
                : ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    /** The body as JSON, or null when it is something else. */
    @Nullable
    JsonNode json() {
        return json(body);
    }

    /** Whether an error is written inside the body, as against an answer that is empty or cut. */
    boolean statesAnError() {
        boolean isText = !body.isBlank() && json() == null && !body.contains("data:") && !body.startsWith("{");
        return isText || ERROR_FIELD.matcher(body).find();
    }

    /** Whether a body that states no error holds no word of an answer either. */
    boolean isEmptyAnswer() {
        return !statesAnError() && !body.contains("\"text\"") && !body.contains("\"response\"");
    }

    private static @Nullable JsonNode json(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node.isObject() || node.isArray() ? node : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    private static int statusOf(JsonNode status, String body) {
        if (status.isNumber()) {
            return status.asInt();
        }
        JsonNode json = json(body);
        return json == null ? 0 : json.at("/error/code").asInt(0);
    }
}
