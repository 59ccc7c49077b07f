// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.error;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import dev.holdfast.time.Timer;
import dev.holdfast.time.VirtualTime;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Defects that other libraries were shown to have; docs/reference-systems.md says which is which. */
class KnownDefectsTest {
    private static final Targets A = Targets.named("a/one");
    private static final CallOptions ONCE = CallOptions.none().withMaxAttempts(1);
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private VirtualHoldfast holdfast = new VirtualHoldfast();

    @Test
    void resetLeavesNothingBehindThatMovesTheCircuitLater() {
        open();
        holdfast.time.advance(Duration.ofMillis(1_500));
        holdfast.engine.reset(A.order().get(0));
        open();

        holdfast.time.advance(Duration.ofMillis(1_500)); // 3 s after the first opening
        assertThat(callError(holdfast.call(A, "unused"))).isInstanceOf(CallRejectedException.class);

        holdfast.engine.forceOpen(A.order().get(0));
        holdfast.time.advance(Duration.ofHours(1));
        assertThat(callError(holdfast.call(A, "unused"))).isInstanceOf(CallRejectedException.class);
        holdfast.assertAllReturned();
    }

    @Test
    void errorInAProbeIsItsVerdictAndItsPlaceComesBack() {
        for (boolean thrown : new boolean[] {true, false}) {
            holdfast = new VirtualHoldfast(
                    c -> c.withCircuit(CircuitConfig.defaults().withHalfOpen(1, 1)));
            open();
            holdfast.time.advance(RECOVERY);

            CompletableFuture<Object> probe = holdfast.callWith(A, ONCE, attempt -> {
                AssertionError error = new AssertionError("made up");
                if (thrown) {
                    throw error;
                }
                return CompletableFuture.failedFuture(error);
            });

            assertThat(error(probe)).isInstanceOf(AssertionError.class);
            assertThat(holdfast.state(A).circuit().state()).isEqualTo(CircuitState.OPEN);
            holdfast.time.advance(Duration.ofMinutes(5));
            assertThat(holdfast.call(A, "back")).isCompletedWithValue("back");
            holdfast.assertAllReturned();
        }
    }

    @Test
    void outcomeIsRecordedAlthoughNobodyAsksForTheResult() {
        List<CompletableFuture<Object>> running = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            CompletableFuture<Object> stage = new CompletableFuture<>();
            running.add(stage);
            holdfast.call(A, ONCE, stage); // and the returned future is thrown away
        }

        running.forEach(stage -> stage.completeExceptionally(fault(Category.SERVER_ERROR)));

        assertThat(holdfast.state(A).circuit().state()).isEqualTo(CircuitState.OPEN);
        holdfast.assertAllReturned();
    }

    @Test
    void smallestWindowWorks() {
        CircuitConfig smallest = CircuitConfig.defaults()
                .withFailureThreshold(1)
                .withMinimumAttempts(1)
                .withHalfOpen(1, 1)
                .withWindow(2, Duration.ofNanos(1));
        holdfast = new VirtualHoldfast(c -> c.withCircuit(smallest));

        for (int i = 0; i < 50; i++) {
            assertThat(holdfast.call(A, "hello")).isCompletedWithValue("hello");
            holdfast.call(A, ONCE, fault(Category.SERVER_ERROR));
            assertThat(holdfast.state(A).circuit().state()).isEqualTo(CircuitState.OPEN);
            holdfast.time.advance(Duration.ofMinutes(5));
            assertThat(holdfast.call(A, "hello")).isCompletedWithValue("hello");
            assertThat(holdfast.state(A).circuit().state()).isEqualTo(CircuitState.CLOSED);
        }

        holdfast.assertAllReturned();
    }

    @Test
    void functionThatThrowsAtARetryStillEndsTheCall() {
        AtomicInteger attempts = new AtomicInteger();

        CompletableFuture<Object> call = holdfast.callWith(A, CallOptions.none(), attempt -> {
            if (attempts.incrementAndGet() == 1) {
                return CompletableFuture.failedFuture(fault(Category.RATE_LIMIT));
            }
            throw new IllegalStateException("made up");
        });
        holdfast.run();

        assertThat(callError(call)).hasRootCauseMessage("made up");
        holdfast.assertAllReturned();
    }

    @Test
    void failedCallsLeaveNoTimers() {
        for (int i = 0; i < 1000; i++) {
            CompletableFuture<Object> stage = new CompletableFuture<>();
            holdfast.call(A, ONCE.withDeadline(Duration.ofMinutes(10)), stage);
            stage.completeExceptionally(fault(Category.INVALID_REQUEST));
        }

        assertThat(holdfast.time.pending()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void lateResultsWithoutEvidenceMakeNoPlacesForMoreProbes() {
        List<CompletableFuture<Object>> late = new ArrayList<>();
        for (int i = 0; i < 8; i++) { // a new target has ten slots
            late.add(new CompletableFuture<>());
            holdfast.call(A, ONCE, late.get(i));
        }
        open();
        holdfast.time.advance(RECOVERY);
        List<CompletableFuture<Object>> probes = new ArrayList<>();
        probes.add(holdfast.call(A, new CompletableFuture<>()));

        late.forEach(stage -> stage.completeExceptionally(fault(Category.INVALID_REQUEST)));
        for (int i = 0; i < 12; i++) {
            probes.add(holdfast.call(A, new CompletableFuture<>()));
        }

        assertThat(probes).filteredOn(probe -> !probe.isDone()).hasSize(3);
        probes.forEach(probe -> probe.cancel(true));
        holdfast.assertAllReturned();
    }

    @Test
    @Timeout(120) // real threads, for the race at the moment in which the circuit half-opens
    void eachRejectionIsToldOnce() throws Exception {
        for (int round = 0; round < RandomRuns.part(50); round++) {
            VirtualTime time = new VirtualTime(1);
            Holdfast engine = forThreads(time);
            for (int i = 0; i < 5; i++) {
                engine.call(A, ONCE, attempt -> CompletableFuture.failedFuture(fault(Category.SERVER_ERROR)));
            }
            time.advance(RECOVERY);
            List<Object> told = Collections.synchronizedList(new ArrayList<>());
            engine.addListener(told::add);
            AtomicInteger rejected = new AtomicInteger();

            onThreads(8, () -> engine.call(A, attempt -> new CompletableFuture<>())
                    .whenComplete((value, error) -> rejected.incrementAndGet()));
            engine.eventsDelivered().join();

            assertThat(rejected).hasValue(5);
            assertThat(told)
                    .filteredOn(CallEvent.CallRejected.class::isInstance)
                    .hasSize(5);
            assertThat(told)
                    .filteredOn(TargetEvent.CircuitHalfOpened.class::isInstance)
                    .hasSize(1);
        }
    }

    @Test
    void listenerThatThrowsAtAChangeOfTheCircuitDoesNotHoldItBack() {
        holdfast = new VirtualHoldfast(
                1,
                c -> c,
                builder -> builder.listener(event -> {
                    if (event instanceof TargetEvent) {
                        throw new IllegalStateException("made up");
                    }
                }));
        open();
        assertThat(callError(holdfast.call(A, "unused"))).isInstanceOf(CallRejectedException.class);
        holdfast.time.advance(RECOVERY);

        assertThat(holdfast.call(A, "back")).isCompletedWithValue("back");
        assertThat(holdfast.state(A).circuit().state()).isEqualTo(CircuitState.CLOSED);
        holdfast.assertAllReturned();
    }

    @Test
    void stageThatWasCancelledIsNoEvidenceAgainstItsTarget() {
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Object> stage = new CompletableFuture<>();
            CompletableFuture<Object> call = holdfast.call(A, stage);
            stage.cancel(true);
            assertThat(callError(call).category()).isEqualTo(Category.CANCELLED);
        }

        assertThat(holdfast.engine.info(A.order().get(0)).circuit().failures()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void failuresAfterALongRestAreForgottenInTheirTime() {
        holdfast = new VirtualHoldfast(
                c -> c.withCircuit(CircuitConfig.defaults().withWindow(100, Duration.ofSeconds(1))));
        holdfast.call(A, "hello");
        holdfast.time.advance(Duration.ofHours(20));
        for (int i = 0; i < 3; i++) {
            holdfast.call(A, ONCE, fault(Category.SERVER_ERROR));
        }

        holdfast.time.advance(Duration.ofMillis(1100));

        assertThat(holdfast.engine.info(A.order().get(0)).circuit().failures()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void hintBeyondTheDeadlineIsNotCutToIt() {
        CompletableFuture<Object> call = holdfast.call(
                A,
                CallOptions.deadline(Duration.ofSeconds(2)),
                fault(Category.RATE_LIMIT, Duration.ofSeconds(10)),
                "unused");
        holdfast.run();

        assertThat(callError(call).retryAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(holdfast.started).hasSize(1);
        assertThat(holdfast.time.nanos()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void timeoutsAndRetriesRunOnWhatTheEngineWasGiven() {
        List<String> where = new ArrayList<>();
        int[] inside = new int[1];
        Executor own = task -> {
            inside[0]++;
            task.run();
            inside[0]--;
        };
        holdfast = new VirtualHoldfast(1, c -> c, builder -> builder.executor(own));

        CompletableFuture<Object> call = holdfast.callWith(A, CallOptions.none(), attempt -> {
            where.add(inside[0] > 0 ? "executor" : "caller");
            return attempt.number() == 1 ? new CompletableFuture<>() : CompletableFuture.completedFuture("hello");
        });
        assertThat(holdfast.time.pending()).isEqualTo(1);
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(where).containsExactly("caller", "executor");
        holdfast.assertAllReturned();
    }

    @Test
    @Timeout(120) // real threads: two states for one target would be a race
    void threadsThatMeetANewTargetShareItsCircuit() throws Exception {
        for (int round = 0; round < RandomRuns.part(50); round++) {
            Targets fresh = Targets.named("a/" + round);
            Holdfast engine = forThreads(new VirtualTime(1));

            onThreads(
                    5,
                    () -> engine.call(fresh, ONCE, attempt -> {
                        throw fault(Category.SERVER_ERROR);
                    }));

            // Closed where the last to fail saw others in flight that had failed but not yet left.
            CircuitInfo circuit = engine.info(fresh.order().get(0)).circuit();
            assertThat(circuit.state() == CircuitState.OPEN || circuit.failures() == 5)
                    .as("all five in one: %s", circuit)
                    .isTrue();
        }
    }

    @Test
    void sameModelAtAnotherHostOrWithAnotherKeyHasACircuitOfItsOwn() {
        Target here = Target.builder("a/one")
                .endpoint("https://here")
                .credential("k1")
                .build();
        Target there = Target.builder("a/one")
                .endpoint("https://there")
                .credential("k1")
                .build();
        Target otherKey = Target.builder("a/one")
                .endpoint("https://here")
                .credential("k2")
                .build();
        for (int i = 0; i < 5; i++) {
            holdfast.call(Targets.of(here), ONCE, fault(Category.SERVER_ERROR));
        }

        assertThat(callError(holdfast.call(Targets.of(here), "unused"))).isInstanceOf(CallRejectedException.class);
        assertThat(holdfast.call(Targets.of(there), "hello")).isCompletedWithValue("hello");
        assertThat(holdfast.call(Targets.of(otherKey), "hello")).isCompletedWithValue("hello");
    }

    @Test
    void badPromptsNeverOpenTheCircuit() {
        for (int i = 0; i < 50; i++) {
            holdfast.call(A, ONCE, fault(i % 2 == 0 ? Category.INVALID_REQUEST : Category.CONTEXT_LENGTH));
        }

        assertThat(holdfast.call(A, "hello")).isCompletedWithValue("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void subclassesAreJudgedLikeTheirParents() {
        FailureClassifier standard = FailureClassifier.standard();

        assertThat(standard.classify(new ConnectException("x") {}).category()).isEqualTo(Category.NETWORK);
        assertThat(standard.classify(new IOException("x") {}).category()).isEqualTo(Category.NETWORK);
    }

    @Test
    void callThatRetriedNothingTellsOfNoExhaustedRetries() {
        holdfast.call(A, fault(Category.AUTH));

        assertThat(holdfast.events(CallEvent.RetriesExhausted.class)).isEmpty();
        assertThat(holdfast.events(CallEvent.CallEnded.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void waitingHoldsNoThread() {
        holdfast = new VirtualHoldfast(c -> c.withBackoff(Backoff.fixed(Duration.ofMinutes(4))));
        List<CompletableFuture<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(holdfast.call(Targets.named("a/" + i), fault(Category.CONFLICT), "hello")); // all on this thread
        }
        assertThat(calls).noneMatch(CompletableFuture::isDone);

        holdfast.time.advance(Duration.ofMinutes(4));

        assertThat(calls).allMatch(call -> "hello".equals(call.join()));
        holdfast.assertAllReturned();
    }

    @Test
    void failureTellsHowLongItTook() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        holdfast.call(A, ONCE, stage);
        holdfast.time.advance(Duration.ofSeconds(7));

        stage.completeExceptionally(fault(Category.SERVER_ERROR));

        assertThat(holdfast.events(CallEvent.AttemptFailed.class))
                .extracting(CallEvent.AttemptFailed::elapsed)
                .containsExactly(Duration.ofSeconds(7));
        assertThat(holdfast.events(CallEvent.CallEnded.class))
                .extracting(CallEvent.CallEnded::elapsed)
                .containsExactly(Duration.ofSeconds(7));
        holdfast.assertAllReturned();
    }

    private void open() {
        for (int i = 0; i < 5; i++) {
            holdfast.call(A, ONCE, fault(Category.SERVER_ERROR));
        }
        assertThat(holdfast.state(A).circuit().state()).isEqualTo(CircuitState.OPEN);
    }

    /** Time stands still while threads call, so that of virtual time only the timer has to bear them. */
    private static Holdfast forThreads(VirtualTime time) {
        Timer timer = new Timer() {
            @Override
            public synchronized Scheduled at(long atNanos, Runnable task) {
                return time.at(atNanos, task);
            }

            @Override
            public synchronized int pending() {
                return time.pending();
            }
        };
        return Holdfast.builder().time(time, timer).executor(Runnable::run).build();
    }

    private static void onThreads(int count, Runnable task) throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(new Thread(() -> {
                try {
                    go.await();
                    task.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        threads.forEach(Thread::start);
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
