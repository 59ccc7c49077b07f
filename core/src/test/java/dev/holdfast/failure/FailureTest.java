// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.failure;

import static dev.holdfast.Changes.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FailureTest {
    private static final Failure FAILURE = Failure.of(Category.SERVER_ERROR, "rule", "words");

    @Test
    void wordsAreTheNamesInSmallLetters() {
        for (Enum<?> value : all()) {
            assertThat(value).hasToString(value.name().toLowerCase(Locale.ROOT));
        }
        assertThat(Category.RATE_LIMIT.word()).isEqualTo("rate_limit");
        assertThat(RetryScope.SAME_TARGET.word()).isEqualTo("same_target");
        assertThat(Reach.CREDENTIAL.word()).isEqualTo("credential");
        assertThat(Outcome.IGNORED.word()).isEqualTo("ignored");
    }

    private static Iterable<Enum<?>> all() {
        return java.util.stream.Stream.<Enum<?>[]>of(
                        Category.values(), RetryScope.values(), Reach.values(), Outcome.values())
                .flatMap(Arrays::stream)
                .toList();
    }

    @Test
    void eachChangeChangesThatAlone() {
        assertThat(FAILURE.sent()).isTrue();
        assertThat(between(FAILURE, FAILURE.withScope(RetryScope.NEVER))).containsExactly("scope=never");
        assertThat(between(FAILURE, FAILURE.withReach(Reach.CREDENTIAL))).containsExactly("reach=credential");
        assertThat(between(FAILURE, FAILURE.withHint(Duration.ZERO))).containsExactly("hint=PT0S");
        assertThat(between(FAILURE, FAILURE.withSent(false))).containsExactly("sent=false");
        assertThat(between(FAILURE, FAILURE.withCause(new IOException("x")))).hasSize(1);
        assertThatThrownBy(() -> FAILURE.withHint(Duration.ofNanos(-1)))
                .hasMessage("hint must not be negative: PT-0.000000001S");
    }

    @Test
    void onlyWhatTellsOfItsHealthIsHeldAgainstATarget() {
        assertThat(Arrays.stream(Category.values()).filter(Category::targetAtFault))
                .containsExactlyInAnyOrder(
                        Category.OVERLOADED,
                        Category.SERVER_ERROR,
                        Category.TIMEOUT,
                        Category.NETWORK,
                        Category.STREAM_INTERRUPTED,
                        Category.EMPTY_RESPONSE,
                        Category.MODEL_LOADING,
                        Category.UNKNOWN);
    }

    @Test
    void errorsOfTheJdkAreKnown() {
        assertThat(judged(new ConnectException("x"))).isEqualTo("network exception.connect false ConnectException: x");
        assertThat(judged(new UnknownHostException("x"))).startsWith("network exception.connect false");
        assertThat(judged(new NoRouteToHostException("x"))).startsWith("network exception.connect false");
        assertThat(judged(new TimeoutException())).isEqualTo("timeout exception.timeout true TimeoutException");
        assertThat(judged(new SocketTimeoutException(" ")))
                .isEqualTo("timeout exception.timeout true SocketTimeoutException");
        assertThat(judged(new EOFException("x"))).startsWith("network exception.io true");
        assertThat(judged(new InterruptedIOException("x"))).startsWith("unknown exception.unknown true");
        assertThat(judged(new CancellationException("x"))).startsWith("cancelled exception.cancelled true");
        assertThat(judged(new InterruptedException("x"))).startsWith("cancelled exception.cancelled true");
        assertThat(judged(new IllegalStateException("x")))
                .isEqualTo("unknown exception.unknown true IllegalStateException: x");
    }

    private static String judged(Throwable error) {
        Failure failure = FailureClassifier.standard().classify(new CompletionException(error));
        assertThat(failure.cause()).isInstanceOf(CompletionException.class);
        return String.join(
                        " ",
                        failure.category().word(),
                        failure.rule(),
                        String.valueOf(failure.sent()),
                        failure.message())
                .replace("CompletionException: java.lang.", "");
    }

    @Test
    void causesAreFollowedThoughNotForEver() {
        Throwable deep = new TimeoutException("x");
        for (int i = 0; i < 31; i++) {
            deep = new RuntimeException(deep);
        }
        Throwable deeper = new RuntimeException(deep);
        Throwable endless = new RuntimeException("endless") {
            @Override
            public synchronized Throwable getCause() {
                return this;
            }
        };

        assertThat(FailureClassifier.standard().classify(deep).category()).isEqualTo(Category.TIMEOUT);
        assertThat(FailureClassifier.standard().classify(deeper).category()).isEqualTo(Category.UNKNOWN);
        assertThat(FailureClassifier.standard().classify(endless).category()).isEqualTo(Category.UNKNOWN);
    }
}
