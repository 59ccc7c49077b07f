// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Attempts that go on after their commit. */
class StreamTest {
    private static final Targets A = Targets.named("a/one");
    private static final TimeoutConfig TIMEOUTS = TimeoutConfig.defaults()
            .withFirstContent(Duration.ofSeconds(10))
            .withIdle(Duration.ofSeconds(3))
            .withAttempt(Duration.ofSeconds(100));

    private final VirtualHoldfast holdfast =
            new VirtualHoldfast(c -> c.withMaxAttempts(1).withTimeouts(TIMEOUTS));
    private final List<Stream> streams = new ArrayList<>();

    private record Stream(OngoingAttempt handle, CompletableFuture<Object> stage) {}

    @Test
    void slotStaysTakenFromTheCommitToTheEnd() {
        CompletableFuture<Object> call = stream();
        Stream stream = streams.get(0);

        stream.stage.complete("first words");

        assertThat(call).isCompletedWithValue("first words");
        assertThat(holdfast.engine.info().inFlight()).isEqualTo(1);
        assertThat(holdfast.ends()).isEmpty();
        stream.handle.end();
        assertThat(stream.handle.isOver()).isTrue();
        assertThat(holdfast.ends()).containsExactly(Outcome.SUCCESS);
        assertThat(circuitAttempts()).isEqualTo(1);
        holdfast.assertAllReturned();
    }

    @Test
    void noContentInTimeIsRetriedBecauseNothingWasSeen() {
        CompletableFuture<Object> call = stream(CallOptions.none().withMaxAttempts(2));

        for (int i = 0; i < 9; i++) {
            holdfast.time.advance(Duration.ofSeconds(1));
            streams.get(0).handle.bytesArrived();
        }
        assertThat(streams).hasSize(1);
        holdfast.time.advance(Duration.ofSeconds(2));
        streams.get(1).stage.complete("second try");
        streams.get(1).handle.end();

        assertThat(call).isCompletedWithValue("second try");
        assertThat(holdfast.events(CallEvent.AttemptFailed.class)
                        .get(0)
                        .failure()
                        .message())
                .isEqualTo("no content within 10 s");
        holdfast.assertAllReturned();
    }

    @Test
    void silenceBeforeTheFirstByteIsBoundedByFirstContentAlone() {
        stream();

        holdfast.time.advance(Duration.ofSeconds(9));

        assertThat(streams.get(0).handle.isOver()).isFalse();
        streams.get(0).handle.contentArrived();
        holdfast.time.advance(Duration.ofSeconds(3));
        assertThat(streams.get(0).handle.isOver()).isTrue();
        holdfast.assertAllReturned();
    }

    @Test
    void anyByteEndsSilenceAndSilenceAfterTheCommitIsAFailure() {
        stream();
        Stream stream = commit();
        for (int i = 0; i < 10; i++) {
            holdfast.time.advance(Duration.ofMillis(2900));
            stream.handle.bytesArrived();
        }

        assertThat(stream.handle.isOver()).isFalse();
        holdfast.time.advance(Duration.ofSeconds(3));

        assertThat(stream.handle.isOver()).isTrue();
        assertThat(holdfast.ends()).containsExactly(Outcome.FAILURE);
        assertThat(holdfast.state(A).circuit().info(holdfast.time.nanos()).failures())
                .isEqualTo(1);
        holdfast.assertAllReturned();
    }

    @Test
    void silenceStandsStillWhileTheConsumerWantsNothing() {
        stream();
        Stream stream = commit();
        holdfast.time.advance(Duration.ofSeconds(2));

        stream.handle.demand(false);
        holdfast.time.advance(Duration.ofSeconds(50));
        stream.handle.demand(true);
        holdfast.time.advance(Duration.ofMillis(900));
        assertThat(stream.handle.isOver()).isFalse();
        holdfast.time.advance(Duration.ofMillis(100));

        assertThat(stream.handle.isOver()).isTrue();
        holdfast.assertAllReturned();
    }

    @Test
    void bytesThatArriveWithoutDemandDoNotLengthenTheNextSilence() {
        stream();
        Stream stream = commit();

        stream.handle.demand(false);
        holdfast.time.advance(Duration.ofSeconds(20));
        stream.handle.bytesArrived();
        stream.handle.demand(true);
        holdfast.time.advance(Duration.ofMillis(2999));
        assertThat(stream.handle.isOver()).isFalse();
        holdfast.time.advance(Duration.ofMillis(1));

        assertThat(stream.handle.isOver()).isTrue();
        holdfast.assertAllReturned();
    }

    @Test
    void oneTimerServesAnyNumberOfBytesAndTurnsOfDemand() {
        stream();
        Stream stream = commit();

        for (int i = 0; i < 1000; i++) {
            stream.handle.bytesArrived();
            stream.handle.demand(i % 2 == 0);
        }

        assertThat(holdfast.time.pending()).isEqualTo(1);
        stream.handle.end();
        holdfast.assertAllReturned();
    }

    @Test
    void endThatNobodyReportsIsForcedAndLaterReportsAreVoid() {
        stream();
        Stream stream = commit();
        for (int i = 0; i < 99; i++) {
            holdfast.time.advance(Duration.ofSeconds(1));
            stream.handle.bytesArrived();
        }

        holdfast.time.advance(Duration.ofSeconds(1));
        stream.handle.end();
        stream.handle.fail(fault(Category.SERVER_ERROR));
        stream.handle.cancel();

        assertThat(holdfast.ends()).containsExactly(Outcome.FAILURE);
        assertThat(circuitAttempts()).isEqualTo(1);
        holdfast.assertAllReturned();
    }

    @Test
    void deadlineRunsToTheEndOfTheStream() {
        stream(CallOptions.deadline(Duration.ofSeconds(5)));
        Stream stream = commit();
        holdfast.time.advance(Duration.ofSeconds(2));
        stream.handle.bytesArrived();
        holdfast.time.advance(Duration.ofSeconds(2));
        stream.handle.bytesArrived();

        holdfast.time.advance(Duration.ofSeconds(1));

        assertThat(stream.handle.isOver()).isTrue();
        assertThat(holdfast.events(CallEvent.AttemptFailed.class).get(0).outcome())
                .isEqualTo(Outcome.IGNORED);
        assertThat(circuitAttempts()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void endReportedBeforeTheCommitCountsAtTheCommit() {
        CompletableFuture<Object> call = stream();

        streams.get(0).handle.end();
        assertThat(holdfast.engine.info().inFlight()).isEqualTo(1);
        streams.get(0).stage.complete("short");

        assertThat(call).isCompletedWithValue("short");
        assertThat(holdfast.ends()).containsExactly(Outcome.SUCCESS);
        holdfast.assertAllReturned();
    }

    @Test
    void failureBeforeTheCommitFailsTheAttempt() {
        CompletableFuture<Object> call = stream(CallOptions.none().withMaxAttempts(2));

        streams.get(0).handle.fail(fault(Category.OVERLOADED));
        holdfast.time.advance(Duration.ofSeconds(1));
        streams.get(0).stage.complete("late");
        streams.get(1).stage.complete("second try");
        streams.get(1).handle.end();

        assertThat(call).isCompletedWithValue("second try");
        holdfast.assertAllReturned();
    }

    @Test
    void failureAfterTheCommitIsNeverRepeated() {
        stream(CallOptions.none().withMaxAttempts(3));
        Stream stream = commit();

        stream.handle.fail(fault(Category.STREAM_INTERRUPTED));
        holdfast.run();

        assertThat(streams).hasSize(1);
        assertThat(holdfast.ends()).containsExactly(Outcome.FAILURE);
        holdfast.assertAllReturned();
    }

    @Test
    void consumerThatLeavesAfterTheCommitCountsNothing() {
        stream();
        Stream stream = commit();

        stream.handle.cancel();

        assertThat(holdfast.ends()).containsExactly(Outcome.CANCELLED);
        assertThat(circuitAttempts()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void consumerThatLeavesBeforeTheCommitCancelsTheCall() {
        CompletableFuture<Object> call = stream();

        streams.get(0).handle.cancel();

        assertThat(call).isCancelled();
        holdfast.assertAllReturned();
    }

    @Test
    void probeClosesTheCircuitAtItsCommitAndItsFailureAfterwardsCannotReopenIt() {
        for (int i = 0; i < 5; i++) {
            holdfast.call(A, fault(Category.SERVER_ERROR));
        }
        holdfast.time.advance(Duration.ofSeconds(60));
        stream();
        streams.get(0).stage.complete("first words");

        assertThat(holdfast.state(A).circuit().state()).isEqualTo(CircuitState.CLOSED);
        assertThat(holdfast.engine.info().liveProbes()).isZero();
        streams.get(0).handle.fail(fault(Category.STREAM_INTERRUPTED));
        assertThat(holdfast.state(A).circuit().state()).isEqualTo(CircuitState.CLOSED);
        holdfast.assertAllReturned();
    }

    @Test
    void credentialOnTrialIsGoodFromTheCommitOn() {
        holdfast.call(A, fault(Category.AUTH));
        holdfast.time.advance(Duration.ofSeconds(60));
        stream();
        assertThat(callError(holdfast.call(A, "unused")).category()).isEqualTo(Category.AUTH);

        streams.get(0).stage.complete("first words");

        assertThat(holdfast.call(A, "hello")).isCompletedWithValue("hello");
        streams.get(0).handle.end();
        holdfast.assertAllReturned();
    }

    private CompletableFuture<Object> stream() {
        return stream(CallOptions.none());
    }

    private CompletableFuture<Object> stream(CallOptions options) {
        return holdfast.callWith(A, options, attempt -> {
            Stream stream = new Stream(attempt.goesOn(), new CompletableFuture<>());
            streams.add(stream);
            return stream.stage;
        });
    }

    private Stream commit() {
        Stream stream = streams.get(streams.size() - 1);
        stream.handle.contentArrived();
        stream.stage.complete("first words");
        return stream;
    }

    private int circuitAttempts() {
        return holdfast.state(A).circuit().info(holdfast.time.nanos()).attempts();
    }
}
