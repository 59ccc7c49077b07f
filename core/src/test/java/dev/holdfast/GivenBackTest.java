// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.error;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an attempt that does not come gives back to pacer, budget and credential, and what one that came leaves behind. */
class GivenBackTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Targets A = Targets.named("a/one");
    private static final Targets B = Targets.named("b/two");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final Target ONE = AB.order().get(0);
    private static final Target TWO = AB.order().get(1);

    private final List<CompletableFuture<Object>> stages = new ArrayList<>();
    private final List<OngoingAttempt> handles = new ArrayList<>();
    private VirtualHoldfast holdfast = engine(config -> config);
    private boolean streams;

    private static VirtualHoldfast engine(UnaryOperator<ResilienceConfig> change) {
        VirtualHoldfast made = new VirtualHoldfast(config -> change.apply(config.withBackoff(Backoff.fixed(SECOND))));
        made.time.advance(SECOND.multipliedBy(1000));
        return made;
    }

    /** One request a second, and so many at once. */
    private static VirtualHoldfast paced(int atOnce, UnaryOperator<ResilienceConfig> change) {
        return engine(config -> change.apply(config.withLimits(
                config.limits().withPacing(new PacerConfig(60, 0, SECOND.multipliedBy(atOnce), true)))));
    }

    @AfterEach
    void everythingIsBack() {
        holdfast.assertAllReturned();
    }

    private CompletableFuture<Object> call(Targets targets) {
        return call(targets, CallOptions.none());
    }

    private CompletableFuture<Object> call(Targets targets, CallOptions options) {
        return holdfast.callWith(targets, options, attempt -> {
            if (streams) {
                handles.add(attempt.goesOn());
            }
            CompletableFuture<Object> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage;
        });
    }

    private void complete(int stage) {
        stages.get(stage).complete("hello");
    }

    @Test
    void rejectedCallTakesNothingFromThePacer() {
        holdfast = paced(1, config -> config);
        holdfast.engine.forceOpen(ONE);
        assertThat(error(call(A))).isInstanceOf(CallRejectedException.class);
        holdfast.engine.reset(ONE);

        call(A);

        assertThat(stages).hasSize(1);
        complete(0);
    }

    @Test
    void callThatFindsNeitherASlotNorAClosedCircuitTakesNothingFromThePacer() {
        holdfast = paced(
                2,
                config -> config.withLimits(config.limits()
                        .withConcurrency(config.limits().concurrency().withFixed(1))));
        call(A);
        holdfast.engine.forceOpen(ONE);
        assertThat(error(call(A))).isInstanceOf(CallRejectedException.class);
        holdfast.engine.reset(ONE);
        complete(0);

        call(A);

        assertThat(stages).hasSize(2);
        complete(1);
    }

    @Test
    void callThatIsLeftInTheMomentOfItsRetryGivesItsTokensAndItsPaceBack() {
        // Listeners run where things happen, so that the call ends between its permit and its attempt.
        holdfast = new VirtualHoldfast(
                1,
                config -> config.withBackoff(Backoff.fixed(SECOND))
                        .withLimits(config.limits().withPacing(new PacerConfig(60, 0, SECOND.multipliedBy(2), true))),
                builder -> builder.executor(Runnable::run));
        CompletableFuture<Object> call = call(A);
        holdfast.engine.addListener(event -> {
            if (event instanceof CallEvent.AttemptStarted started && started.attempt() == 2) {
                call.cancel(true);
            }
        });
        stages.get(0).completeExceptionally(fault(Category.SERVER_ERROR));
        assertThat(holdfast.tokens(A)).isEqualTo(486);

        holdfast.time.advance(SECOND);

        assertThat(stages).hasSize(1);
        assertThat(holdfast.tokens(A)).isEqualTo(500);
        call(A);
        call(A);
        assertThat(stages).as("both at once").hasSize(3);
        complete(1);
        complete(2);
    }

    @Test
    void hedgeThatWouldHaveToWaitForThePacerDoesNotReserve() {
        holdfast = paced(1, config -> config.withHedge(HedgeConfig.after(SECOND.dividedBy(2))));
        call(AB);
        call(B);
        holdfast.time.advance(SECOND.dividedBy(2));
        assertThat(holdfast.events(CallEvent.HedgeStarted.class)).isEmpty();
        assertThat(holdfast.engine.info(ONE).pacer().waiting()).isZero();
        assertThat(holdfast.engine.info(TWO).pacer().waiting()).isZero();
        complete(0);
        complete(1);
        holdfast.time.advance(SECOND.dividedBy(2));

        call(A);
        call(B);

        assertThat(stages).hasSize(4);
        complete(2);
        complete(3);
    }

    @Test
    void hedgeNeverTriesACredentialThatIsBlocked() {
        Target blocked = Target.builder("b/two").credential("key").build();
        Targets targets = Targets.of(ONE, blocked);
        holdfast = engine(config -> config.withHedge(HedgeConfig.after(SECOND)));
        call(Targets.of(blocked), CallOptions.none().withMaxAttempts(1));
        stages.get(0).completeExceptionally(fault(Category.AUTH));
        holdfast.time.advance(Duration.ofSeconds(61));

        call(targets);
        holdfast.time.advance(SECOND);
        assertThat(holdfast.route()).containsExactly("b/two", "a/one", "a/one");
        assertThat(holdfast.engine.info(blocked).inFlight()).isZero();
        complete(1);

        call(Targets.of(blocked));
        assertThat(stages).as("the trial is still to be had").hasSize(4);
        complete(3);
        assertThat(holdfast.engine.info(blocked).block()).isNull();
    }

    @Test
    void latenciesAreThoseOfTheKindOfTheAttempt() {
        for (int i = 0; i < 20; i++) {
            call(A);
            holdfast.time.advance(SECOND.multipliedBy(3));
            complete(i);
        }
        streams = true;
        for (int i = 20; i < 40; i++) {
            call(A);
            holdfast.time.advance(SECOND.multipliedBy(2));
            complete(i);
            holdfast.time.advance(SECOND.multipliedBy(5));
            handles.get(i - 20).end();
        }

        assertThat(holdfast.engine.info(ONE).total().p50()).isEqualTo(SECOND.multipliedBy(3));
        assertThat(holdfast.engine.info(ONE).firstContent().p50()).isEqualTo(SECOND.multipliedBy(2));
        assertThat(holdfast.engine.info(ONE).succeeded()).isEqualTo(40);
    }

    @Test
    void timeoutsAreKnownToHaveTakenAtLeastAsLong() {
        CallOptions options = CallOptions.none()
                .withMaxAttempts(1)
                .withTimeouts(TimeoutConfig.defaults().withAttempt(SECOND.multipliedBy(4)));
        holdfast = engine(config -> config.withCircuit(CircuitConfig.disabled()));
        for (int i = 0; i < 12; i++) {
            call(A);
            holdfast.time.advance(SECOND);
            complete(i);
        }
        for (int i = 0; i < 10; i++) {
            call(A, options);
            holdfast.time.advance(SECOND.multipliedBy(4));
        }

        assertThat(holdfast.engine.info(ONE).total().samples()).isEqualTo(22);
        assertThat(holdfast.engine.info(ONE).total().p50()).isEqualTo(SECOND);
        assertThat(holdfast.engine.info(ONE).total().p95()).as("nobody knows").isNull();
    }

    @Test
    void commitsOfStreamsLetTheRampGrow() {
        streams = true;
        for (int i = 0; i < 15; i++) {
            call(A);
        }
        assertThat(stages).hasSize(10);

        complete(0);
        complete(1);

        assertThat(stages).hasSize(12);
        for (int i = 0; i < 15; i++) {
            complete(i);
            handles.get(i).end();
        }
    }

    @Test
    void attemptsAreSlowByTheirOwnTimeHoweverTheyEnd() {
        for (String end : new String[] {"success", "failure", "stream"}) {
            for (int took : new int[] {5, 6}) {
                holdfast = engine(config -> config.withCircuit(
                        CircuitConfig.defaults().withMinimumAttempts(4).withSlowCalls(SECOND.multipliedBy(5), 1)));
                streams = end.equals("stream");
                stages.clear();
                handles.clear();
                for (int i = 0; i < 4; i++) {
                    call(A, CallOptions.none().withMaxAttempts(1));
                    if (streams) {
                        complete(i);
                    }
                    holdfast.time.advance(SECOND.multipliedBy(took));
                    switch (end) {
                        case "success" -> complete(i);
                        case "failure" -> stages.get(i).completeExceptionally(fault(Category.SERVER_ERROR));
                        default -> handles.get(i).end();
                    }
                }

                assertThat(holdfast.engine.info(ONE).circuit().state())
                        .as("%s after %d s", end, took)
                        .isEqualTo(took == 5 ? CircuitState.CLOSED : CircuitState.OPEN);
                holdfast.assertAllReturned();
            }
        }
    }

    @Test
    void targetsThatAreUsedAreNotForgotten() {
        holdfast = engine(config -> config.withHedge(HedgeConfig.after(SECOND)));
        call(AB);
        complete(0);
        holdfast.time.advance(Duration.ofMinutes(50));
        call(AB);
        holdfast.time.advance(SECOND);
        assertThat(holdfast.route()).endsWith("a/one", "b/two");
        complete(1);

        holdfast.time.advance(Duration.ofMinutes(30));
        call(Targets.named("c/three"));

        assertThat(holdfast.engine.info(ONE).succeeded()).isEqualTo(2);
        assertThat(holdfast.engine.info(TWO)).isNotNull();
        complete(3);
        holdfast.time.advance(Duration.ofMinutes(61));
        call(Targets.named("d/four"));
        assertThat(holdfast.engine.info(ONE)).isNull();
        assertThat(holdfast.engine.info(TWO)).isNull();
        complete(4);

        call(AB);
        assertThat(holdfast.engine.info(ONE).inFlight())
                .as("the same list of targets knows them anew")
                .isEqualTo(1);
        complete(5);
    }
}
