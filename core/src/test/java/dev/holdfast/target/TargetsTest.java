// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private static final Target A = Target.of("a/one");
    private static final Target B = Target.of("b/two");
    private static final Target C = Target.of("c/three");

    @Test
    void flatListIsAnOrderOfTiersOfOne() {
        Targets targets = Targets.named("a/one", "b/two");

        assertThat(targets.order()).containsExactly(A, B);
        assertThat(targets.tiers()).containsExactly(Tier.of(A), Tier.of(B));
        assertThat(targets.balanced()).isFalse();
        assertThat(targets).hasToString("[a/one, b/two]");
    }

    @Test
    void tiersKeepTheDeclaredOrderAndTheirWeights() {
        Targets targets = Targets.tiers(Tier.of(A, B).withWeight(B, 3), Tier.named("c/three"));

        assertThat(targets.order()).containsExactly(A, B, C);
        assertThat(targets.tiers().get(0).weights()).containsExactly(1.0, 3.0);
        assertThat(targets.balanced()).isTrue();
        assertThat(targets).hasToString("[[a/one, b/two], [c/three]]");
        assertThat(Targets.tiers(targets.tiers()).tiers()).isEqualTo(targets.tiers());
    }

    @Test
    void whatAnEngineRemembersIsThere() {
        Targets targets = Targets.named("a/one");
        assertThat(targets.remembered()).isNull();

        targets.remember("states");

        assertThat(targets.remembered()).isEqualTo("states");
    }

    @Test
    void whatCannotBeIsRejectedInWords() {
        Tier tier = Tier.of(A, B);

        assertThatThrownBy(Targets::of).hasMessage("a call needs at least one target");
        assertThatThrownBy(Tier::of).hasMessage("a tier needs at least one target");
        assertThatThrownBy(() -> Targets.tiers(tier, Tier.of(A))).hasMessageContaining("a target is named twice");
        assertThatThrownBy(() -> Targets.of(many(65))).hasMessage("a call takes at most 64 targets, not 65");
        assertThat(Targets.of(many(64)).order()).hasSize(64);
        assertThatThrownBy(() -> tier.withWeight(C, 1)).hasMessage("c/three is not in the tier [a/one, b/two]");
        for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> tier.withWeight(A, weight))
                    .hasMessage("a weight must be positive and finite, not " + weight);
        }
        assertThatThrownBy(() -> new Tier(List.of(A, B), List.of(1.0)))
                .hasMessage("2 targets need as many weights, not 1");
    }

    private static List<Target> many(int count) {
        return IntStream.range(0, count).mapToObj(i -> Target.of("p/" + i)).toList();
    }
}
