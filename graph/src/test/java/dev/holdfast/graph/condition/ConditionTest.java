// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.graph.condition.ConditionProblem.Kind;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
    private static final Map<String, Object> EMPTY = Map.of();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "str(needs_more_research).lower() == 'true'",
                "str(needs_revision).lower() != 'true'",
                "str(approved).lower() == 'false'",
                "approved == True",
                "high_risk_found == False",
                "confidence >= 0.7",
                "int(confidence) >= 80 and str(severity).lower() != 'critical'",
                "int(confidence) < 80 or str(severity).lower() == 'critical'",
                "verdict in ['PASS', 'FAIL']",
                "verdict == 'CONDITIONAL'",
                "str(next_page_token).strip() not in ('', 'None', 'null')",
                "str(next_action).lower() in ('rerun', 'adjust')",
                "str(halt).lower() != \"true\"",
                "output.get('needs_revision') == True",
                "output.get('draft') is not None",
                "output['score'] > 80 and memory['limit'] < 5",
                "x > y and y < 100"
            })
    void expressionsOfRealGraphsCompile(String expression) {
        assertThat(Condition.of(expression).problem()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true  | str(x).lower() == 'true'",
                "True  | str(x).lower() == 'true'",
                "TRUE  | str(x).lower() == 'true'",
            })
    void textAndBooleanTrueAreBothRecognised(String given, String expression) {
        assertThat(holds(expression, Map.of("x", given))).isTrue();
        assertThat(holds(expression, Map.of("x", true))).isTrue();
        assertThat(holds(expression, Map.of("x", "no"))).isFalse();
    }

    @Test
    void absentTokenCountsAsNone() {
        Map<String, Object> names = new HashMap<>();
        names.put("token", null);

        assertThat(holds("str(token).strip() in ('', 'None', 'null')", names)).isTrue();
        assertThat(holds("str(token).strip() not in ('', 'None', 'null')", Map.of("token", "abc")))
                .isTrue();
    }

    @Test
    void whatIsNotNeededIsNotEvaluated() {
        Map<String, Object> names = new HashMap<>();
        names.put("x", null);

        ConditionResult and = evaluate("x is not None and x > 3", names);
        ConditionResult or = evaluate("x is None or x > 3", names);
        ConditionResult ifElse = evaluate("x > 3 if x else True", names);

        assertThat(and).isEqualTo(new ConditionResult(false, null));
        assertThat(or).isEqualTo(new ConditionResult(true, null));
        assertThat(ifElse).isEqualTo(new ConditionResult(true, null));
    }

    @Test
    void keysOfObjectsAreReachedWithADotToo() {
        Map<String, Object> output = Map.of("review", Map.of("score", 85, "tags", List.of("a")), "items", "own key");

        assertThat(holds("output.review.score > 80", output)).isTrue();
        assertThat(holds("review.score == output['review']['score']", output)).isTrue();
        assertThat(holds("'a' in output.review.tags", output)).isTrue();
        assertThat(holds("output.items == 'own key' and len(output.items()) == 2", output))
                .isTrue();
        assertThat(evaluate("output.missing > 80", output).problem().kind()).isEqualTo(Kind.LOOKUP);
        assertThat(evaluate("review.score.x", output).problem().kind()).isEqualTo(Kind.TYPE);
    }

    @Test
    void freshOutputIsVisibleByBareName() {
        assertThat(holds("score > 80", Map.of("score", 85))).isTrue();
        assertThat(holds("score > 80", Map.of("score", 30))).isFalse();
        assertThat(holds("x > y and y < 100", Map.of("x", 100, "y", 50))).isTrue();
        assertThat(holds("output['score'] > 80", Map.of("score", 85))).isTrue();
        assertThat(evaluate("score > 80", Map.of("score", 30)).problem()).isNull();
    }

    @Test
    void outputStandsBeforeTheMemoryThatItReplaces() {
        Map<String, Object> output = Map.of("score", 90);
        Map<String, Object> memory = Map.of("score", 10, "limit", 50, "output", "a key of that name");

        assertThat(holds("score == 90 and memory.score == 90 and limit == 50", output, memory))
                .isTrue();
        assertThat(holds("output == 'a key of that name'", output, memory)).isTrue();
        assertThat(holds("result is None", output, memory)).isTrue();
        assertThat(holds("result == 5", Map.of("result", 5), memory)).isTrue();
    }

    @Test
    void wordsOfJsonAreUnderstoodUnlessAKeyHasThatName() {
        assertThat(holds("x == true", Map.of("x", true))).isTrue();
        assertThat(holds("x == null or x == false", Map.of("x", false))).isTrue();
        assertThat(holds("true", Map.of("true", 0))).isFalse();
    }

    @Test
    void functionNamesAreKeysWhereTheyAreNotCalled() {
        assertThat(holds("sum > 3 and sum([1, 2]) == 3", Map.of("sum", 4))).isTrue();
        assertThat(evaluate("sum > 3", EMPTY).problem().message()).contains("call it");
    }

    @Test
    void unknownNameIsAProblemThatNamesIt() {
        ConditionResult result = evaluate("approved == True", EMPTY);

        assertThat(result.holds()).isFalse();
        assertThat(result.problem().kind()).isEqualTo(Kind.NAME);
        assertThat(result.problem().message()).contains("'approved'");
        assertThat(result.problem().position()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "``                  ; SYNTAX    ; empty",
                "x =  1              ; SYNTAX    ; `==`",
                "x && y              ; SYNTAX    ; `and`",
                "x || y              ; SYNTAX    ; `or`",
                "!x                  ; SYNTAX    ; `not`",
                "(x                  ; SYNTAX    ; too early",
                "'x                  ; SYNTAX    ; not closed",
                "x y                 ; SYNTAX    ; `y`",
                "import os           ; SYNTAX    ; `import`",
                "x[1:2]              ; FORBIDDEN ; slices",
                "[a for a in x]      ; FORBIDDEN ; comprehensions",
                "lambda: 1           ; FORBIDDEN ; lambda",
                "f'{x}'              ; FORBIDDEN ; f-strings",
                "b'x'                ; FORBIDDEN ; bytes",
                "{1, 2}              ; FORBIDDEN ; sets",
                "(y := 1)            ; FORBIDDEN ; assignments",
                "max(*x)             ; FORBIDDEN ; stars",
                "x.__class__         ; FORBIDDEN ; _",
                "open('x')           ; FORBIDDEN ; 'open'",
                "x.format(1)         ; FORBIDDEN ; 'format'",
                "(1)(2)              ; FORBIDDEN ; by name",
                "1j                  ; FORBIDDEN ; complex",
            })
    void whatIsNoConditionSaysWhy(String expression, Kind kind, String word) {
        Condition condition = Condition.of(expression);

        assertThat(condition.problem()).isNotNull();
        assertThat(condition.problem().kind()).isEqualTo(kind);
        assertThat(condition.problem().message()).contains(word);
        assertThat(condition.evaluate(Scope.of(EMPTY)).holds()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret + 1",
                "int(secret)",
                "float(secret)",
                "secret.b",
                "object[secret]",
                "[1][secret]",
                "int(secret, 36)",
                "secret > 1",
                "1 in secret",
                "dict(secret)",
                "sum(secret)",
                "abs(secret)"
            })
    void problemsNeverRepeatValues(String expression) {
        String secret = "sk-very-secret-answer ".repeat(10);

        ConditionResult result = evaluate(expression, Map.of("secret", secret, "object", Map.of("k", 1)));

        assertThat(result.problem()).isNotNull();
        assertThat(result.problem().message()).doesNotContain("very");
    }

    @Test
    void anyNumberOfJavaWillDo() {
        Map<String, Object> names = Map.of(
                "i",
                3,
                "l",
                3L,
                "s",
                (short) 3,
                "d",
                3.0,
                "f",
                0.1f,
                "b",
                new BigDecimal("3.50"),
                "big",
                new BigDecimal("1e999999999"));

        assertThat(holds("i == l == s == d and f == 0.1 and b == 3.5", names)).isTrue();
        assertThat(evaluate("big > 1", names).problem()).isNull();
    }

    @Test
    void valuesOfOtherTypesAndValuesThatContainThemselvesAreProblemsAtMost() {
        Map<String, Object> circle = new HashMap<>();
        circle.put("self", circle);
        Map<String, Object> other = new HashMap<>();
        other.put("self", other);
        Map<String, Object> names =
                Map.of("o", new Object(), "circle", circle, "other", other, "bytes", new int[] {1, 2});

        assertThat(evaluate("circle == other", names).problem().kind()).isEqualTo(Kind.LIMIT);
        assertThat(evaluate("str(circle)", names).problem().kind()).isEqualTo(Kind.LIMIT);
        assertThat(evaluate("o + 1", names).problem().kind()).isEqualTo(Kind.TYPE);
        assertThat(holds("o == o and o != 1 and bytes == [1, 2]", names)).isTrue();
    }

    @Test
    void namesOfAConditionAreKnownWithoutEvaluatingIt() {
        assertThat(Condition.of("int(confidence) >= 80 and severity.level == 'high' or str(x)")
                        .names())
                .containsExactly("confidence", "severity", "x");
    }

    @Test
    void conditionsOfTheSameTextAreEqual() {
        assertThat(Condition.of("x > 1")).isEqualTo(Condition.of("x > 1")).hasSameHashCodeAs(Condition.of("x > 1"));
        assertThat(Condition.of("x > 1")).isNotEqualTo(Condition.of("x  > 1")).hasToString("x > 1");
    }

    @Test
    void nullsInListsAreValues() {
        assertThat(holds("None in xs and xs[1] is None and len(xs) == 2", Map.of("xs", Arrays.asList(1, null))))
                .isTrue();
    }

    private static boolean holds(String expression, Map<String, ?> output) {
        return holds(expression, output, EMPTY);
    }

    private static boolean holds(String expression, Map<String, ?> output, Map<String, ?> memory) {
        ConditionResult result = Condition.of(expression).evaluate(Scope.of(output, memory));
        assertThat(result.problem()).as(expression).isNull();
        return result.holds();
    }

    private static ConditionResult evaluate(String expression, Map<String, ?> output) {
        Condition condition = Condition.of(expression);
        assertThat(condition.problem()).as(expression).isNull();
        return condition.evaluate(Scope.of(output, EMPTY));
    }
}
