// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the reference system read too much into words, ABS-X-10, 11, 13, 14. */
class ReferenceVerdictsTest {
    private static Failure thrown(Throwable error) {
        return ProviderErrorClassifier.create().classify(ErrorInput.exception("openai", error));
    }

    @ParameterizedTest
    @ValueSource(strings = {"author unknown", "cannot generate: output limit"})
    void wordsInAProgramsOwnErrorDecideNothing(String message) {
        Failure failure = thrown(new IllegalStateException(message));

        assertThat(failure.category()).isNotIn(Category.AUTH, Category.RATE_LIMIT, Category.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://models.example:4290/v1", "http://models.example/429/404/chat"})
    void numbersInAnAddressDecideNothing(String address) {
        Failure failure = thrown(new IOException("request to " + address + " failed: Connection reset"));

        assertThat(failure.category()).isEqualTo(Category.NETWORK);
    }

    @Test
    void anExhaustedQuotaAndAForbiddenCallAreNotTriedAgainThere() {
        ProviderErrorClassifier classifier = ProviderErrorClassifier.create();

        Failure quota = classifier.classify(ErrorInput.http(
                "openai", 429, Map.of(), "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"no credit\"}}"));
        Failure forbidden = classifier.classify(ErrorInput.http("openai", 403, Map.of(), ""));

        assertThat(quota.category()).isEqualTo(Category.QUOTA_EXHAUSTED);
        assertThat(quota.scope()).isEqualTo(RetryScope.OTHER_TARGET);
        assertThat(forbidden.scope()).isEqualTo(RetryScope.OTHER_TARGET);
    }
}
