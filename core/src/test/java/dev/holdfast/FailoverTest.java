// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FailoverTest {
    private static final Targets ABC = Targets.named("a/one", "b/two", "c/three");
    private static final CallOptions ONCE = CallOptions.none().withMaxAttempts(1);

    private final VirtualHoldfast holdfast = new VirtualHoldfast(c -> c.withMaxAttempts(6));

    @Test
    void targetsAreAskedInTheirOrderAndThenTheOneWithTheShortestWait() {
        CompletableFuture<Object> call = holdfast.call(
                ABC,
                fault(Category.SERVER_ERROR, Duration.ofSeconds(9)),
                fault(Category.SERVER_ERROR, Duration.ofSeconds(3)),
                fault(Category.SERVER_ERROR, Duration.ofSeconds(6)),
                "hello");
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.route()).containsExactly("a/one", "b/two", "c/three", "b/two");
        assertThat(holdfast.started.get(2).at()).isZero();
        assertThat(holdfast.started.get(3).at()).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3300));
        holdfast.assertAllReturned();
    }

    @Test
    void hopelessTargetIsNotAskedAgain() {
        CompletableFuture<Object> call = holdfast.call(
                ABC,
                fault(Category.NOT_FOUND),
                fault(Category.PERMISSION),
                fault(Category.SERVER_ERROR, Duration.ofSeconds(5)),
                "hello");
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.route()).containsExactly("a/one", "b/two", "c/three", "c/three");
        holdfast.assertAllReturned();
    }

    @Test
    void shortHintStaysAndAsksNobodyElse() {
        for (int seed = 0; seed < 50; seed++) {
            VirtualHoldfast own = new VirtualHoldfast(seed, c -> c);

            CompletableFuture<Object> call = own.call(ABC, fault(Category.RATE_LIMIT, Duration.ofMillis(700)), "hello");
            own.run();

            assertThat(call).isCompletedWithValue("hello");
            assertThat(own.route()).as("seed %d", seed).containsExactly("a/one", "a/one");
            own.assertAllReturned();
        }
    }

    @Test
    void longHintGoesElsewhereAtOnce() {
        CompletableFuture<Object> call =
                holdfast.call(ABC, fault(Category.RATE_LIMIT, Duration.ofSeconds(20)), "hello");

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.route()).containsExactly("a/one", "b/two");
        assertThat(holdfast.tokens(ABC)).isEqualTo(500);
        holdfast.assertAllReturned();
    }

    @Test
    void exhaustedQuotaExcludesTheWholeDomain() {
        Targets targets = Targets.of(
                Target.builder("a/one").quota("team").build(),
                Target.builder("a/two").quota("team").build(),
                Target.of("b/three"));

        CompletableFuture<Object> call = holdfast.call(targets, fault(Category.QUOTA_EXHAUSTED), "hello");

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.route()).containsExactly("a/one", "b/three");
        holdfast.assertAllReturned();
    }

    @Test
    void otherTargetOfATriedDomainIsAskedOnlyAfterABackoff() {
        Targets targets = Targets.of(
                Target.builder("a/one").quota("team").build(),
                Target.builder("a/two").quota("team").build());

        CompletableFuture<Object> call = holdfast.call(targets, fault(Category.CONTEXT_LENGTH), "hello");
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.route()).containsExactly("a/one", "a/two");
        assertThat(holdfast.started.get(1).at()).isPositive();
        holdfast.assertAllReturned();
    }

    @Test
    void targetsThatRejectArePassedOver() {
        for (int i = 0; i < 5; i++) {
            holdfast.call(Targets.named("a/one"), ONCE, fault(Category.SERVER_ERROR));
        }
        holdfast.call(Targets.named("b/two"), ONCE, fault(Category.AUTH));
        holdfast.started.clear();

        assertThat(holdfast.call(ABC, "hello")).isCompletedWithValue("hello");

        assertThat(holdfast.route()).containsExactly("c/three");
        assertThat(holdfast.started.get(0).number()).isEqualTo(1);
        holdfast.assertAllReturned();
    }

    @Test
    void scopeAloneDecidesNotTheCategory() {
        CallException never = callError(holdfast.call(ABC, fault(Category.SERVER_ERROR, RetryScope.NEVER), "unused"));
        CompletableFuture<Object> elsewhere =
                holdfast.call(ABC, fault(Category.INVALID_REQUEST, RetryScope.OTHER_TARGET), "hello");

        assertThat(never.category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(elsewhere).isCompletedWithValue("hello");
        assertThat(holdfast.route()).containsExactly("a/one", "a/one", "b/two");
        holdfast.assertAllReturned();
    }

    @Test
    void openingDuringTheWaitSendsTheWaitingCallElsewhere() {
        Targets ab = Targets.named("a/one", "b/two");
        CompletableFuture<Object> call = holdfast.call(
                ab,
                fault(Category.SERVER_ERROR, Duration.ofSeconds(20)),
                fault(Category.SERVER_ERROR, Duration.ofSeconds(40)),
                "hello");

        for (int i = 0; i < 4; i++) {
            holdfast.call(Targets.named("a/one"), ONCE, fault(Category.SERVER_ERROR));
        }
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.route()).last().isEqualTo("b/two");
        assertThat(holdfast.tokens(ab)).isEqualTo(500);
        holdfast.assertAllReturned();
    }

    @Test
    void earlierCausesAreSuppressedExceptionsOfTheLast() {
        Throwable first = fault(Category.NOT_FOUND);
        Throwable second = fault(Category.PERMISSION);
        Throwable third = fault(Category.CONTENT_FILTER);

        CallException error = callError(holdfast.call(ABC, first, second, third));

        assertThat(error).hasCause(third);
        assertThat(error.getSuppressed()).containsExactly(first, second);
        assertThat(error.report().attempts()).extracting(AttemptReport::number).containsExactly(1, 2, 3);
        assertThat(holdfast.events(CallEvent.FailedOver.class)).hasSize(2);
        holdfast.assertAllReturned();
    }
}
