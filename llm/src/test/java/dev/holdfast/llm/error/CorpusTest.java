// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Real error responses with the verdict that people gave them, read from outside the code base: {@code
 * $HOLDFAST_CORPUS/errors/known.jsonl}, by default beside the repository. Prints every mismatch; the bars are asserted.
 */
class CorpusTest {
    /** Fractions of a millisecond were rounded both ways in the corpus. */
    private static final long ROUNDING_MS = 1;

    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void realErrorsAreUnderstood() throws IOException {
        List<JsonNode> cases = cases();
        List<JsonNode> answers = answers(cases);

        int category = 0;
        int scope = 0;
        int wait = 0;
        for (int i = 0; i < cases.size(); i++) {
            boolean categoryRight = categoryRight(cases.get(i), answers.get(i));
            boolean scopeRight = cases.get(i)
                    .at("/expected/retry")
                    .asString()
                    .equals(answers.get(i).get("retry").asString());
            boolean waitRight = waitRight(cases.get(i), answers.get(i));
            category += categoryRight ? 1 : 0;
            scope += scopeRight ? 1 : 0;
            wait += waitRight ? 1 : 0;
            if (!categoryRight || !scopeRight || !waitRight) {
                printMismatch(cases.get(i), answers.get(i));
            }
        }

        System.out.printf("corpus: %d cases, category %d, scope %d, wait %d%n", cases.size(), category, scope, wait);
        assertThat(category).as("categories right").isGreaterThanOrEqualTo(share(cases, 0.99));
        assertThat(scope).as("retry scopes right").isGreaterThanOrEqualTo(share(cases, 0.99));
        assertThat(wait).as("stated waits right").isGreaterThanOrEqualTo(share(cases, 0.98));
    }

    private static int share(List<JsonNode> cases, double bar) {
        return (int) Math.ceil(cases.size() * bar);
    }

    private List<JsonNode> cases() throws IOException {
        Path root = Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse(".."));
        Path corpus = Optional.ofNullable(System.getenv("HOLDFAST_CORPUS"))
                .map(Path::of)
                .orElse(root.resolveSibling("shared"));
        Path file = corpus.resolve("errors/known.jsonl");
        assumeTrue(
                Files.isReadable(file),
                "no corpus at " + file + "; set HOLDFAST_CORPUS to the folder that holds errors/");
        List<JsonNode> cases = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            cases.add(json.readTree(line));
        }
        return cases;
    }

    private List<JsonNode> answers(List<JsonNode> cases) throws IOException {
        StringBuilder in = new StringBuilder();
        cases.forEach(line -> in.append(json.writeValueAsString(line)).append('\n'));
        StringWriter out = new StringWriter();
        assertThat(ClassifyLines.run(new StringReader(in.toString()), out)).isTrue();
        return out.toString().lines().map(json::readTree).toList();
    }

    private static boolean categoryRight(JsonNode line, JsonNode answer) {
        String category = answer.get("category").asString();
        boolean alsoOk = line.path("also_ok").valueStream().anyMatch(also -> also.asString()
                .equals(category));
        return alsoOk || line.at("/expected/category").asString().equals(category);
    }

    private static boolean waitRight(JsonNode line, JsonNode answer) {
        JsonNode expected = line.at("/expected/retry_after_ms");
        JsonNode actual = answer.get("retry_after_ms");
        if (expected.isNull() || actual.isNull()) {
            return expected.isNull() && actual.isNull();
        }
        return Math.abs(expected.asLong() - actual.asLong()) <= ROUNDING_MS;
    }

    private static void printMismatch(JsonNode line, JsonNode answer) {
        System.out.printf(
                "%-40s expected %s got %s/%s/%s by %s%n",
                line.get("id").asString(),
                line.get("expected"),
                answer.get("category").asString(),
                answer.get("retry").asString(),
                answer.get("retry_after_ms"),
                answer.get("rule").asString());
    }
}
