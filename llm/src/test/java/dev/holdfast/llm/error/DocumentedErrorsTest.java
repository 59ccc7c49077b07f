// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One error after another that providers document, each in its provider's envelope. */
class DocumentedErrorsTest {
    private final ProviderErrorClassifier classifier = ProviderErrorClassifier.create();

    static Stream<String> cases() throws IOException {
        try (InputStream file = DocumentedErrorsTest.class.getResourceAsStream("documented-errors.txt")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#") && !line.isBlank());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isUnderstood(String line) {
        String[] parts = line.split(" \\| ", 6);
        String provider = parts[0].equals("-") ? null : parts[0];

        Failure failure =
                classifier.classify(ErrorInput.http(provider, Integer.parseInt(parts[1]), Map.of(), parts[5]));

        String wait = failure.hint() == null
                ? "-"
                : String.valueOf(failure.hint().plusNanos(999_999).toMillis());
        assertThat(failure.category() + " " + failure.scope() + " " + wait)
                .as("rule %s for %s", failure.rule(), line)
                .isEqualTo(parts[2] + " " + parts[3] + " " + parts[4]);
        assertThat(failure.message()).isNotBlank().hasSizeLessThanOrEqualTo(300).doesNotContain("\n");
    }
}
