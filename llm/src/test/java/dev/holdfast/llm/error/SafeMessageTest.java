// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeMessageTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Incorrect API key provided: sk-proj-abcDEF123456. Look it up.",
                "Your api key: ****6789 is invalid",
                "bad key AIzaSyA1234567890abcdefghijklmnopqrst",
                "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123",
                "key gsk_abcdefgh12345678 revoked",
                "token my-secret-token-6789 was rejected",
                "credential AKIAABCDEFGHIJKLMNOP"
            })
    void credentialsAreLeftOut(String message) {
        assertThat(SafeMessage.oneLine(message))
                .contains("…")
                .doesNotContain("6789", "123456", "12345678", "abcDEF123", "AKIAABC", "eyJhbGci");
    }

    @Test
    void wordsNumbersAndModelNamesStay() {
        String message =
                "Rate limit reached for claude-sonnet-4-20250514 on tokens per min (TPM): Limit 30000, request req_011CZrhN";

        assertThat(SafeMessage.oneLine(message)).isEqualTo(message);
    }

    @Test
    void longQuotationsAreLeftOutForTheyMayBeThePrompt() {
        String prompt = "tell me a secret ".repeat(10);

        assertThat(SafeMessage.oneLine("Invalid value: \"" + prompt + "\" in field"))
                .isEqualTo("Invalid value: \"…\" in field");
    }

    @Test
    void itIsOneShortLine() {
        String line = SafeMessage.oneLine("a\r\n\tb " + "word ".repeat(200));

        assertThat(line).startsWith("a b word").hasSizeLessThanOrEqualTo(300);
    }

    @Test
    void spacesOfAnyKindAtItsEndsAreLeftOut() {
        assertThat(SafeMessage.oneLine("\u2003plain words \u2003")).isEqualTo("plain words");
    }

    /** Most messages stay as they are and are not written anew; a control character before one makes it be. */
    @Test
    void messagesThatStayAreTheSameAsWhenTheyAreWrittenAnew() {
        long seed = System.nanoTime();
        System.out.println("message seed " + seed);
        Random random = new Random(seed);
        String[] pieces = {
            "word",
            "Key",
            "api-key",
            "is",
            "your",
            "the",
            "bearer",
            "sk-abc12345",
            "abc12345",
            "***",
            "x*y",
            ".",
            ":",
            "…",
            "\u2003",
            "'",
            "\"",
            "`",
            "\n",
            " ",
            "  ",
            "é",
            "aB3aB3aB3aB3aB3aB3aB3"
        };
        for (int round = 0; round < 20_000; round++) {
            StringBuilder message = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                message.append(pieces[random.nextInt(pieces.length)]).append(random.nextInt(4) == 0 ? "" : " ");
            }

            assertThat(SafeMessage.oneLine(message.toString()))
                    .as("%s", message)
                    .isEqualTo(SafeMessage.oneLine("\u0001" + message));
        }
    }
}
