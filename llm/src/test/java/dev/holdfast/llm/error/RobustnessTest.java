// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken, huge and hostile input. */
@Timeout(120)
class RobustnessTest {
    private final ProviderErrorClassifier classifier = ProviderErrorClassifier.create();

    private Failure classify(int status, String body) {
        return readable(ErrorInput.http(null, status, Map.of(), body));
    }

    private Failure readable(ErrorInput input) {
        Failure failure = classifier.classify(input);
        assertThat(failure.rule()).isNotEqualTo("unknown.unreadable");
        return failure;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"first line\nsecond line\",\"code\":\"context_length_exceeded\"}}",
                "{\"error\":{\"message\":\"cut off in the mid",
                "{'error': {'message': 'This is Python', 'code': 'context_length_exceeded', 'param': None}}",
                "Error code: 400 - {'error': {'code': 'context_length_exceeded'",
                "b'{\"error\":{\"code\":\"context_length_exceeded\"}}'",
                "{\"error\":{\"message\":\"{\\\"error\\\":{\\\"message\\\":\\\"{\\\\\\\"code\\\\\\\":\\\\\\\"context_length_exceeded\\\\\\\"}\\\"}}\"}}",
                "[[[{\"error\":\"context_length_exceeded\"}]]]",
                "\"context length exceeded\"",
                "{\"errors\":[{\"message\":\"x\",\"extensions\":{\"code\":\"context_length_exceeded\"}}]}",
                "\uFEFF{\"error\":{\"code\":\"context_length_exceeded\"}}"
            })
    void brokenEnvelopesAreUnwrappedAsFarAsTheyGo(String body) {
        Failure failure = classify(400, body);

        assertThat(failure.category())
                .as(failure.rule())
                .isEqualTo(body.contains("cut off") ? Category.INVALID_REQUEST : Category.CONTEXT_LENGTH);
    }

    @Test
    void bytesAtRandomNeverThrow() {
        long seed = System.nanoTime();
        System.out.println("robustness seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            Failure failure = classify(random.nextInt(700), new String(bytes, StandardCharsets.ISO_8859_1));
            assertThat(failure.message()).doesNotContain("\n");
        }
    }

    @Test
    void mutatedErrorsNeverThrow() {
        long seed = System.nanoTime();
        System.out.println("robustness seed " + seed);
        Random random = new Random(seed);
        String[] starts = {
            "{\"error\":{\"message\":\"Rate limit reached: Limit 10, Requested 12. Please try again in"
                    + " 1m2.5s\",\"code\":429}}",
            "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: {\"error\":{\"code\":\"a\"}}\n\n",
            "java.io.UncheckedIOException: java.io.IOException: closed <- java.io.IOException: closed"
        };
        for (int round = 0; round < 20_000; round++) {
            StringBuilder body = new StringBuilder(starts[round % starts.length]);
            for (int change = random.nextInt(6); change >= 0; change--) {
                int at = random.nextInt(body.length());
                switch (random.nextInt(3)) {
                    case 0 -> body.deleteCharAt(at);
                    case 1 -> body.insert(at, "{}[]\"',:\\\n9.<".charAt(random.nextInt(13)));
                    default -> body.insert(at, body.substring(at, Math.min(body.length(), at + 20)));
                }
            }
            readable(ErrorInput.stream(null, 200, Map.of(), body.toString(), false));
            readable(new ErrorInput(
                    null, ErrorInput.Transport.EXCEPTION, 0, Map.of(), "", false, null, body.toString()));
        }
    }

    @Test
    void deeplyNestedJsonIsNoProblem() {
        assertThat(classify(500, "[".repeat(50_000)).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(classify(500, "{\"error\":".repeat(400) + "1" + "}".repeat(400))
                        .category())
                .isEqualTo(Category.SERVER_ERROR);
    }

    @Test
    void hostileTextsTakeLinearTime() {
        List<String> hostile = new ArrayList<>();
        hostile.add("{".repeat(500_000));
        hostile.add("'a':".repeat(200_000));
        hostile.add("\"".repeat(500_000));
        hostile.add("try again in 1s ".repeat(50_000));
        hostile.add("9".repeat(500_000));
        hostile.add("1 ".repeat(300_000));
        hostile.add("limit limit requested ".repeat(30_000));
        hostile.add("data: {\n".repeat(80_000));
        hostile.add("{\"a\":1}\n".repeat(80_000));
        hostile.add("maximum context lengt".repeat(30_000));
        hostile.add("<- ".repeat(200_000));

        for (String text : hostile) {
            long before = System.nanoTime();
            classify(500, text);
            readable(ErrorInput.stream(null, 200, Map.of(), text, false));
            readable(new ErrorInput(null, ErrorInput.Transport.EXCEPTION, 0, Map.of(), "", false, null, text));
            long tookNanos = System.nanoTime() - before;
            assertThat(Duration.ofNanos(tookNanos))
                    .as("time for %s…", text.substring(0, 12))
                    .isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void onlyTheFirst64KiBOfABodyAreLookedAt() {
        String late = " ".repeat(70_000) + "maximum context length";

        assertThat(classify(400, late).category()).isEqualTo(Category.INVALID_REQUEST);
    }

    @Test
    void phraseIndexFindsWhatASearchPhraseByPhraseFinds() {
        List<String> phrases = List.of(" he", " she", "his", "hers ", " a b", "b a", "余额", " aaaa", "aa");
        PhraseIndex index = new PhraseIndex(phrases);
        Random random = new Random(42);
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder(" ");
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append("hersi a_B余额x'".charAt(random.nextInt(13)));
            }
            long[] bits = new long[1];

            index.find(text.toString(), text.length(), bits);

            for (int number = 0; number < phrases.size(); number++) {
                assertThat((bits[0] >>> number & 1) == 1)
                        .as("'%s' in '%s'", phrases.get(number), text)
                        .isEqualTo(Words.spaced(text.toString()).contains(phrases.get(number)));
            }
        }
    }
}
