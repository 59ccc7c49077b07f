// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.error.ClassifyLines;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code holdfast classify} prints. */
final class HoldfastJudge implements Judge {
    /** Full jitter over the first backoff; this is the most. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final boolean toldTheProvider;

    /** With or without the name of the provider, which a target has and a proxy may not know. */
    HoldfastJudge(boolean toldTheProvider) {
        this.toldTheProvider = toldTheProvider;
    }

    @Override
    public String name() {
        return toldTheProvider ? "Holdfast" : "Holdfast, provider unknown";
    }

    @Override
    public String basis() {
        return toldTheProvider
                ? "called: what `holdfast classify` prints for the case and its provider, the labels taken out"
                : "the same, the name of the provider taken out too";
    }

    @Override
    public int kinds() {
        return Category.values().length;
    }

    @Override
    public Opinion judge(ErrorCase error) {
        JsonNode answer = classify(error);
        JsonNode hint = answer.path("retry_after_ms");
        Category category = Category.valueOf(answer.path("category").asString().toUpperCase(Locale.ROOT));
        return Opinion.of(
                answer.path("retry").asString().equals(RetryScope.SAME_TARGET.word()),
                hint.isNumber() ? Duration.ofMillis(hint.asLong()) : FIRST_WAIT,
                Opinion.about(category));
    }

    /** Its word for where another attempt can help. */
    String scope(ErrorCase error) {
        return classify(error).path("retry").asString();
    }

    private JsonNode classify(ErrorCase error) {
        try {
            StringWriter out = new StringWriter();
            ClassifyLines.run(new StringReader(question(error) + "\n"), out);
            return JSON.readTree(out.toString());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The case without what people wrote about it. */
    private String question(ErrorCase error) {
        ObjectNode line = JSON.createObjectNode();
        for (String key : List.of("id", "provider", "transport", "status", "headers", "body", "exception")) {
            line.set(key, error.line().get(key));
        }
        if (!toldTheProvider) {
            line.putNull("provider");
        }
        return JSON.writeValueAsString(line);
    }
}
