// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.event.EventListener;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.target.Targets;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The drain of an engine whose targets another one shares: their slots do not say whose they are, so each call of the old
 * engine has to be found otherwise, in each of its moments. Without a listener a call begins as a first try, with one it is
 * whole from the start.
 */
class HandedOverDrainTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets B = Targets.named("b/two");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final CallOptions ONE_SECOND =
            CallOptions.none().withTimeouts(TimeoutConfig.defaults().withAttempt(SECOND));

    private final VirtualTime time = new VirtualTime(1);

    /** Of the old engine, asked for once more wherever the tests look: a look that finds nothing ends them all. */
    private final List<CompletableFuture<Void>> drains = new ArrayList<>();

    private boolean doneTooEarly;
    private Holdfast old;
    private Holdfast next;

    private void engines(boolean heard) {
        FailureClassifier classifier = error -> {
            drainGoesOn();
            return FailureClassifier.standard().classify(error);
        };
        HoldfastBuilder builder = builder().classifier(classifier);
        EventListener deaf = event -> {};
        old = (heard ? builder.listener(deaf) : builder).build();
        // What is shared are the targets that the old one knows.
        old.blocking().call(A, attempt -> "known");
        old.blocking().call(B, attempt -> "known");
        next = builder().continuing(old).build();
    }

    private HoldfastBuilder builder() {
        return Holdfast.builder().time(time, time).executor(time).random(time);
    }

    @AfterEach
    void everythingIsBackAndTheDrainIsOver() {
        assertThat(doneTooEarly).isFalse();
        assertThat(drains).isNotEmpty().allMatch(CompletableFuture::isDone);
        time.runUntilIdle(Duration.ofHours(1));
        Conservation.assertAllReturned(old);
        Conservation.assertAllReturned(next);
        assertThat(Thread.interrupted()).isFalse();
    }

    /** Asserted at the end, because it is also looked at where the engine catches what is thrown. */
    private void drainGoesOn() {
        drains.add(old.drain());
        doneTooEarly |= drains.stream().anyMatch(CompletableFuture::isDone);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsWithTheBlockingAttemptThatRuns(boolean heard) {
        engines(heard);

        String answer = old.blocking().call(A, attempt -> {
            drainGoesOn();
            return "hello";
        });

        assertThat(answer).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsWithEachOfTwoBlockingAttemptsOneInTheOther(boolean heard) {
        engines(heard);

        String answer = old.blocking().call(A, outer -> {
            String inner = old.blocking().call(A, attempt -> {
                drainGoesOn();
                return "hello";
            });
            drainGoesOn();
            return inner;
        });

        assertThat(answer).isEqualTo("hello");
    }

    /** The classifier looks between the end of the first attempt and the step to the next. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsWithTheLastAttemptOfABlockingCallThatFailsOver(boolean heard) {
        engines(heard);

        String answer = old.blocking().call(AB, attempt -> {
            drainGoesOn();
            if (attempt.number() == 1) {
                throw fault(Category.AUTH);
            }
            return attempt.target().name();
        });

        assertThat(answer).isEqualTo("b/two");
        assertThat(drains).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsWithTheLastAttemptOfAnAsynchronousCallThatFailsOver(boolean heard) {
        engines(heard);
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        CompletableFuture<String> call = old.call(AB, attempt -> attempt.number() == 1 ? first : second);

        first.completeExceptionally(fault(Category.AUTH));
        drainGoesOn();
        second.complete("hello");

        assertThat(call).isCompletedWithValue("hello");
        assertThat(drains).hasSize(2);
    }

    /** What was registered for the end looks while the attempt is being ended. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsWithTheLastAttemptOfABlockingCallThatTimesOut(boolean heard) {
        engines(heard);

        String answer = old.blocking().call(AB, ONE_SECOND, attempt -> {
            if (attempt.number() == 1) {
                attempt.onCancel(this::drainGoesOn);
                time.advance(SECOND);
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                throw new InterruptedException();
            }
            drainGoesOn();
            return attempt.target().name();
        });

        assertThat(answer).isEqualTo("b/two");
        assertThat(drains).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsWithTheLastAttemptOfAnAsynchronousCallThatTimesOut(boolean heard) {
        engines(heard);
        CompletableFuture<String> second = new CompletableFuture<>();
        CompletableFuture<String> call = old.call(AB, ONE_SECOND, attempt -> {
            attempt.onCancel(this::drainGoesOn);
            return attempt.number() == 1 ? new CompletableFuture<>() : second;
        });

        time.advance(SECOND);
        drainGoesOn();
        second.complete("hello");

        assertThat(call).isCompletedWithValue("hello");
        assertThat(drains).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsWithTheCancelledHandleOfABlockingAttempt(boolean heard) {
        engines(heard);

        assertThatThrownBy(() -> old.blocking().call(A, attempt -> {
                    OngoingAttempt handle = attempt.goesOn();
                    drainGoesOn();
                    handle.cancel();
                    return "nobody wants it";
                }))
                .isInstanceOf(CancellationException.class);
    }

    /** Its slot is free and its call is decided: code that ignores interrupts holds up its caller alone. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doesNotWaitForCodeThatGoesOnAfterTheEndOfItsCall(boolean heard) {
        engines(heard);
        boolean[] done = {false};

        assertThatThrownBy(() -> old.blocking().call(A, ONE_SECOND.withMaxAttempts(1), attempt -> {
                    drainGoesOn();
                    time.advance(SECOND);
                    done[0] = drains.get(0).isDone();
                    return "too late";
                }))
                .isInstanceOf(CallFailedException.class);

        assertThat(done[0]).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doesNotWaitForBlockingAttemptsOfTheNewEngine(boolean heard) {
        engines(heard);

        next.blocking().call(A, attempt -> {
            drains.add(old.drain());
            assertThat(drains.get(0)).isCompleted();
            return "hello";
        });
    }
}
