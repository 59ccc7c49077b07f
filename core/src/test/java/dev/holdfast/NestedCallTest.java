// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls within calls: one id, one deadline, and attempts never multiply. */
class NestedCallTest {
    private static final Targets OUTER = Targets.named("tool/outer");
    private static final Targets INNER = Targets.named("a/inner");

    private final VirtualHoldfast holdfast = new VirtualHoldfast();

    @Test
    void innerCallInheritsIdAndDeadline() {
        String[] ids = new String[2];
        Duration[] left = new Duration[1];

        CompletableFuture<Object> call =
                holdfast.callWith(OUTER, CallOptions.deadline(Duration.ofSeconds(9)), attempt -> {
                    ids[0] = attempt.callId();
                    CallOptions nested = CallOptions.within(attempt.context()).withDeadline(Duration.ofMinutes(9));
                    return holdfast.engine.call(INNER, nested, inner -> {
                        ids[1] = inner.callId();
                        left[0] = inner.timeLeft();
                        return CompletableFuture.completedFuture("hello");
                    });
                });

        assertThat(call).isCompletedWithValue("hello");
        assertThat(ids[1]).isEqualTo(ids[0]);
        assertThat(left[0]).isEqualTo(Duration.ofSeconds(9));
        Conservation.assertAllReturned(holdfast.engine);
    }

    @Test
    void callsOfOneContextShareItsIdAndItsDeadline() {
        CallContext context = holdfast.engine.context(CallOptions.deadline(Duration.ofSeconds(9)));
        List<String> ids = new ArrayList<>();
        List<Duration> left = new ArrayList<>();

        for (int i = 0; i < 2; i++) {
            holdfast.callWith(INNER, CallOptions.within(context), attempt -> {
                ids.add(attempt.callId());
                left.add(attempt.timeLeft());
                return CompletableFuture.completedFuture("hello");
            });
            holdfast.time.advance(Duration.ofSeconds(4));
        }

        assertThat(ids).containsExactly(context.callId(), context.callId());
        assertThat(left).containsExactly(Duration.ofSeconds(9), Duration.ofSeconds(5));
        Conservation.assertAllReturned(holdfast.engine);
    }

    @Test
    void contextWithinAContextKeepsItsIdAndTheEarlierDeadline() {
        CallContext outer = holdfast.engine.context(CallOptions.deadline(Duration.ofSeconds(9)));

        CallContext inner = holdfast.engine.context(CallOptions.within(outer).withDeadline(Duration.ofMinutes(1)));

        assertThat(inner.callId()).isEqualTo(outer.callId());
        assertThat(inner.deadline().left()).isEqualTo(Duration.ofSeconds(9));
        assertThat(holdfast.engine.context(CallOptions.none()).deadline().left())
                .isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void exhaustedFailureOfTheInnerCallIsNotRepeatedByTheOuter() {
        int[] innerAttempts = {0};

        CompletableFuture<Object> call = holdfast.callWith(
                OUTER,
                CallOptions.none(),
                attempt -> holdfast.engine.call(INNER, inner -> {
                    innerAttempts[0]++;
                    return CompletableFuture.failedFuture(fault(Category.SERVER_ERROR));
                }));
        holdfast.run();

        assertThat(innerAttempts[0]).isEqualTo(3);
        assertThat(holdfast.started).hasSize(1);
        assertThat(callError(call).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(callError(call).scope()).isEqualTo(RetryScope.OTHER_TARGET);
        assertThat(holdfast.state(OUTER).circuit().info(0).failures()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void wrappedFailureOfTheInnerCallIsRecognisedToo() {
        CompletableFuture<Object> call = holdfast.callWith(OUTER, CallOptions.none(), attempt -> holdfast.call(
                        INNER, CallOptions.none().withMaxAttempts(1), fault(Category.OVERLOADED))
                .thenApply(value -> value));
        holdfast.run();

        assertThat(holdfast.route()).containsExactly("tool/outer", "a/inner");
        assertThat(callError(call).category()).isEqualTo(Category.OVERLOADED);
        holdfast.assertAllReturned();
    }

    @Test
    void outerCallMayStillTryAnotherTargetAfterAnInnerOneIsExhausted() {
        CompletableFuture<Object> call = holdfast.callWith(
                Targets.named("tool/outer", "tool/second"),
                CallOptions.none(),
                attempt -> attempt.number() == 1
                        ? holdfast.call(INNER, CallOptions.none().withMaxAttempts(1), fault(Category.OVERLOADED))
                        : CompletableFuture.completedFuture("hello"));
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void deadlineThatTheInnerCallNoticesFirstIsTheOuterCallsDeadline() {
        CompletableFuture<Object> call = holdfast.callWith(
                OUTER,
                CallOptions.deadline(Duration.ofSeconds(5)),
                attempt -> holdfast.engine.call(
                        INNER, CallOptions.within(attempt.context()), inner -> new CompletableFuture<>()));
        holdfast.time.advance(Duration.ofSeconds(5));

        assertThat(callError(call)).isInstanceOf(DeadlineExceededException.class);
        Conservation.assertAllReturned(holdfast.engine);
    }

    @Test
    void threadBridgeNestsWithoutBeingTold() {
        VirtualHoldfast own = new VirtualHoldfast(1, c -> c, builder -> builder.threadBridge(true));
        String[] ids = new String[2];

        own.callWith(OUTER, CallOptions.none(), attempt -> {
            ids[0] = attempt.callId();
            return own.engine.call(INNER, inner -> {
                ids[1] = inner.callId();
                return CompletableFuture.completedFuture("hello");
            });
        });

        assertThat(ids[1]).isEqualTo(ids[0]);
        assertThat(HoldfastRuntime.CURRENT_CONTEXT.get()).isNull();
        Conservation.assertAllReturned(own.engine);
    }
}
