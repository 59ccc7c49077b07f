// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.CallException;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.EmbeddingRequest.Encoding;
import dev.holdfast.llm.mock.MockAnswer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Texts into vectors, over real sockets against the simulator; without them against the mock. */
@Timeout(120)
class EmbeddingsTest {
    private static final List<String> TEXTS = List.of("one", "two", "three");

    private Guarded guarded;

    @BeforeEach
    void start() throws Exception {
        guarded = new Guarded();
    }

    @AfterEach
    void nothingIsLeft() {
        guarded.close();
    }

    private static EmbeddingResponse get(CompletableFuture<EmbeddingResponse> call) throws Exception {
        return call.get(30, TimeUnit.SECONDS);
    }

    private static CallException failure(CompletableFuture<?> call) throws Exception {
        try {
            throw new AssertionError("it did not fail: " + call.get(30, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return (CallException) e.getCause();
        }
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void eachTextGetsItsVectorInItsPlace(Encoding encoding) throws Exception {
        Llm llm = guarded.llm("sim/ok");

        EmbeddingResponse together = get(llm.embed(EmbeddingRequest.of(TEXTS).withEncoding(encoding)));

        assertThat(together.vectors()).hasSize(3);
        assertThat(together.dimensions()).isEqualTo(64);
        assertThat(together.model()).isEqualTo("ok");
        assertThat(together.usage().inputTokens()).isPositive();
        assertThat(together.report().attempts()).hasSize(1);
        for (int i = 0; i < TEXTS.size(); i++) {
            assertThat(get(llm.embed(List.of(TEXTS.get(i)))).vector(0)).isEqualTo(together.vector(i));
        }
        assertThat(together.vector(0)).isNotEqualTo(together.vector(1));
    }

    @Test
    void theLengthOfVectorsCanBeAskedFor() throws Exception {
        EmbeddingResponse response =
                get(guarded.llm("sim/ok").embed(EmbeddingRequest.of(TEXTS).withDimensions(5)));

        assertThat(response.vectors()).allSatisfy(vector -> assertThat(vector).hasSize(5));
    }

    @Test
    void embeddingsAreRetriedAndFailOverLikeAnyCall() throws Exception {
        assertThat(get(guarded.llm("sim/fail=1").embed(TEXTS)).report().attempts())
                .hasSize(2);
        assertThat(guarded.requests()).isEqualTo(2);

        assertThat(get(guarded.llm("sim/401", "sim/ok").embed(TEXTS)).model()).isEqualTo("ok");
        assertThat(guarded.requests()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "429,rate_limit,2",
        "401,auth,1",
        "empty,empty_response,2",
        "malformed,server_error,2",
        "cut,stream_interrupted,2"
    })
    void faultsMeetTheSameVerdictsAsInAnyCall(String model, String category, int attempts) throws Exception {
        CallException failed = failure(guarded.llm("sim/" + model).embed(TEXTS));

        assertThat(failed.category().word()).isEqualTo(category);
        assertThat(guarded.requests()).isEqualTo(attempts);
    }

    @Test
    void whoHasNoEmbeddingsSaysSoAndIsNotAskedAgain() throws Exception {
        CallException failed = failure(guarded.llm("sim-anthropic/ok").embed(TEXTS));

        assertThat(failed.category()).isEqualTo(Category.INVALID_REQUEST);
        assertThat(failed.scope()).isEqualTo(RetryScope.OTHER_TARGET);
        assertThat(failed).hasMessageContaining("has no embeddings");
        assertThat(failed.report().attempts()).hasSize(1);
        assertThat(guarded.requests()).isZero();
    }

    @Test
    void aTargetThatHasEmbeddingsServesWhatTheFirstCannot() throws Exception {
        EmbeddingResponse response =
                get(guarded.llm("sim-anthropic/ok", "sim/ok").embed(TEXTS));

        assertThat(response.model()).isEqualTo("ok");
        assertThat(response.report().attempts()).hasSize(2);
    }

    @Test
    void blockingIsTheSame() {
        assertThat(guarded.llm("sim/ok").blocking().embed(TEXTS).vectors()).hasSize(3);
    }

    @Test
    void cancellingEndsTheRequest() {
        CompletableFuture<EmbeddingResponse> call = guarded.llm("sim/hang").embed(TEXTS);
        Guarded.await("the request arrives", () -> guarded.requests() == 1);

        call.cancel(true);

        Guarded.await("the server sees it", () -> guarded.simulator.stats().cancelled() == 1);
    }

    @Test
    void theMockMakesTheSameVectorOfTheSameTextAndFailsAsScripted() throws Exception {
        VirtualLlm virtual = new VirtualLlm(
                MockAnswer.error(Category.RATE_LIMIT, Duration.ofSeconds(3)), MockAnswer.derivedFromRequest());

        EmbeddingResponse first = virtual.value(virtual.llm.embed(TEXTS));
        EmbeddingResponse again = virtual.value(virtual.llm.embed(List.of("two")));

        assertThat(again.vector(0)).isEqualTo(first.vector(1));
        assertThat(virtual.mock.calls()).isEqualTo(3);
        assertThat(virtual.mock.embeddings()).hasSize(3);
        assertThat(virtual.elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
        virtual.assertAllReturned();
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        assertThatThrownBy(() -> EmbeddingRequest.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EmbeddingRequest.of(List.of(""))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EmbeddingRequest.of(TEXTS).withDimensions(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(EmbeddingRequest.of(TEXTS).toString()).doesNotContain("one");
    }
}
