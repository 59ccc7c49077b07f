// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TargetTest {
    @Test
    void nameIsSplitAtItsFirstSlash() {
        Target target = Target.of("openai/ft:gpt/mine");

        assertThat(target).hasToString("openai/ft:gpt/mine");
        assertThat(target.provider()).isEqualTo("openai");
        assertThat(target.model()).isEqualTo("ft:gpt/mine");
        assertThat(Target.of("/x").provider()).isEmpty();
        assertThat(Target.of("local").provider()).isEqualTo("local");
        assertThat(Target.of("local").model()).isEmpty();
        assertThatThrownBy(() -> Target.of(" ")).hasMessage("a target needs a name");
    }

    @Test
    void quotaDomainIsNamedOrMadeOfWhatSharesALimit() {
        assertThat(full().build().quotaDomain()).isEqualTo("p|https://e|k|m");
        assertThat(Target.of("a/one").quotaDomain()).isEqualTo("a|||one");
        assertThat(full().quota("shared").build().quotaDomain()).isEqualTo("shared");
    }

    @Test
    void targetsAreEqualWhenAllOfThemIs() {
        List<Target> different = List.of(
                full().build(),
                Target.builder("other")
                        .provider("p")
                        .model("m")
                        .endpoint("https://e")
                        .credential("k")
                        .build(),
                full().provider("x").build(),
                full().model("x").build(),
                full().endpoint("x").build(),
                full().credential("x").build(),
                full().credential(null).build(),
                full().passThrough(true).build(),
                full().quota("x").build());

        Set<Target> set = new HashSet<>(different);

        assertThat(set).hasSize(different.size());
        assertThat(full().build()).isEqualTo(full().build()).hasSameHashCodeAs(full().build());
        assertThat(full().build()).isNotEqualTo("p/m");
        assertThat(full().build().passThrough()).isFalse();
        assertThat(full().build().credential()).isEqualTo("k");
        assertThat(full().build().endpoint()).isEqualTo("https://e");
        assertThat(different.stream().map(Target::hashCode).distinct().count())
                .as("hash codes that differ")
                .isEqualTo(different.size());
    }

    private static Target.Builder full() {
        return Target.builder("name")
                .provider("p")
                .model("m")
                .endpoint("https://e")
                .credential("k");
    }
}
