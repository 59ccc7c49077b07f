// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.graph.condition.ConditionProblem.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the text and the values, an evaluation is short. Real time, to see that nothing hangs. */
@Timeout(120)
class ConditionBoundsTest {
    private static final Map<String, Object> NAMES = Map.of(
            "long", "a".repeat(90_000),
            "list", Collections.nCopies(60_000, 1),
            "lists", Collections.nCopies(2_000, Collections.nCopies(2_000, "a")),
            "digits", "9".repeat(4_000));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2 ** 100000",
                "2 ** 1000 ** 1000",
                "10 ** 999 * 10 ** 999",
                "(2 ** 1000) ** 1000",
                "1 << 100000",
                "1 << (1 << 64)",
                "'a' * 1000000000",
                "[0] * 10 ** 12",
                "long + long",
                "list + list",
                "str(lists)",
                "int(digits) * 2 + 1",
                "sum([list] * 100, [])"
            })
    void tooMuchIsAProblem(String expression) {
        Condition condition = Condition.of(expression);

        ConditionResult result = condition.evaluate(Scope.of(NAMES));

        assertThat(result.holds()).isFalse();
        assertThat(result.problem().kind()).isEqualTo(Kind.LIMIT);
    }

    @Test
    void deepAndLongTextsAreProblemsAndNotStackOverflows() {
        for (String text : List.of(
                "(".repeat(5_000) + "1" + ")".repeat(5_000),
                "not ".repeat(2_400) + "x",
                "-".repeat(9_000) + "1",
                "1" + "+1".repeat(4_500),
                "1" + "**1".repeat(3_000),
                "x" + ".x".repeat(4_900),
                "x" + "[0]".repeat(3_000),
                "[".repeat(9_999),
                "{1:".repeat(3_000),
                "1 if 1 else ".repeat(800) + "1",
                "len(".repeat(2_400),
                "a".repeat(10_001))) {
            assertThat(Condition.of(text).problem()).as(text.substring(0, 10)).isNotNull();
        }
    }

    @Test
    void longFlatTextsAreFine() {
        assertThat(Condition.of("x == 1" + " or x == 1".repeat(900)).problem()).isNull();
        assertThat(Condition.of("x in [" + "1, ".repeat(3_000) + "]").problem()).isNull();
        assertThat(Condition.of("1" + " < 2".repeat(2_000)).problem()).isNull();
    }

    @Test
    void randomTextNeverDoesMoreThanSayItsProblem() {
        long seed = Long.getLong("seed", 4711);
        System.out.println("condition fuzz: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        RandomExpressions maker = new RandomExpressions(random);
        int compiled = 0;
        for (int i = 0; i < 40_000; i++) {
            String text = mutated(i % 4 == 0 ? noise(random) : maker.next(), random);
            Condition condition = Condition.of(text);
            if (condition.problem() == null) {
                compiled++;
                try {
                    condition.value(new Run(Scope.of(RandomExpressions.NAMES)));
                } catch (Trouble expected) {
                    assertThat(expected.problem().message()).isNotEmpty();
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError("seed " + seed + ": " + text, e);
                }
            }
        }
        assertThat(compiled).isGreaterThan(5_000);
    }

    private static String noise(SplittableRandom random) {
        String[] words = {
            "x", "items", "1", "2.5", "'a'", "\"", "'", "(", ")", "[", "]", "{", "}", ",", ":", ".", "not", "in", "is",
            "and", "or", "if", "else", "==", "<", "**", "*", "-", "+", "//", "\\", "\n", "#", "len", "str", "get",
            "None", "\ud83d", "é", "0x", "1e", "lambda", "for", "=", "_", "@", "\u0000", "..."
        };
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "");
        }
        return text.toString();
    }

    private static String mutated(String text, SplittableRandom random) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = random.nextInt(3); i > 0 && changed.length() > 1; i--) {
            int at = random.nextInt(changed.length());
            switch (random.nextInt(3)) {
                case 0 -> changed.deleteCharAt(at);
                case 1 -> changed.setCharAt(at, (char) random.nextInt(32, 127));
                default -> changed.insert(at, changed.charAt(random.nextInt(changed.length())));
            }
        }
        return changed.toString();
    }
}
