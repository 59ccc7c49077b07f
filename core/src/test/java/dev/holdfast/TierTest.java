// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import dev.holdfast.target.Tier;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Balanced tiers as a call meets them. */
class TierTest {
    private static final long SEED = 20_261_125;
    private static final Tier PAIR = Tier.named("a/one", "b/two");
    private static final Targets TIERS = Targets.tiers(PAIR, Tier.named("c/three"));

    private final VirtualHoldfast holdfast = new VirtualHoldfast(SEED, c -> c);

    @Test
    void equalTargetsOfATierShareEvenlyAndTheNextTierIsLeftAlone() {
        calls(400, target -> answer(Duration.ofSeconds(1)));

        assertThat(asked("a/one")).as("seed %d", SEED).isBetween(180L, 220L);
        assertThat(asked("c/three")).isZero();
    }

    @Test
    void fasterTargetOfATierGetsMoreAndTheSlowOneIsTriedNowAndThen() {
        calls(400, target -> answer(Duration.ofSeconds(target.name().equals("a/one") ? 20 : 1)));

        assertThat(asked("a/one")).as("seed %d", SEED).isBetween(2L, 40L);
    }

    /** The first is counted by no circuit: only its cost keeps calls away. */
    @ParameterizedTest
    @EnumSource(
            value = Category.class,
            names = {"PERMISSION", "NOT_FOUND"})
    void targetThatRefusesEveryCallIsSeldomAskedFirst(Category category) {
        calls(
                400,
                target -> target.name().equals("a/one")
                        ? CompletableFuture.failedFuture(fault(category))
                        : answer(Duration.ofSeconds(1)));

        assertThat(asked("a/one")).as("seed %d", SEED).isBetween(2L, 40L);
        assertThat(asked("b/two")).as("seed %d", SEED).isEqualTo(400);
    }

    @Test
    void requestsThatAreWrongSayNothingAboutATarget() {
        calls(
                400,
                target -> target.name().equals("a/one") && holdfast.time.nextInt(2) == 0
                        ? CompletableFuture.failedFuture(fault(Category.INVALID_REQUEST))
                        : answer(Duration.ofSeconds(1)));

        assertThat(asked("a/one")).as("seed %d", SEED).isBetween(170L, 230L);
    }

    private void calls(int count, Function<Target, CompletableFuture<Object>> attempts) {
        for (int i = 0; i < count; i++) {
            holdfast.callWith(TIERS, CallOptions.none(), attempt -> attempts.apply(attempt.target()));
            holdfast.time.advance(Duration.ofSeconds(1));
        }
        holdfast.run();
        holdfast.assertAllReturned();
    }

    private CompletableFuture<Object> answer(Duration after) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        holdfast.time.at(holdfast.time.nanos() + after.toNanos(), () -> answer.complete("hello"));
        return answer;
    }

    private long asked(String name) {
        return holdfast.route().stream().filter(name::equals).count();
    }
}
