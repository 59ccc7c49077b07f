// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.time.Nanos;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KnownTest {
    @Test
    void onlyARateThatAResponseStatedIsLearned() {
        assertThat(new Known(10, 5.0, 50, 10, 0, Nanos.NEVER).learnedRate()).isTrue();
        assertThat(new Known(10, 0.0, 50, 10, 0, Nanos.NEVER).learnedRate()).isFalse();
        assertThat(Known.configured(60, Duration.ofSeconds(1)).learnedRate()).isFalse();
    }

    @Test
    void exactlyWhatIsLeftNeedNotWait() {
        Known five = new Known(10, 0.0, 50, 5, 100, 100);

        assertThat(five.heldUntilNanos(5, 7)).isEqualTo(7);
        assertThat(five.heldUntilNanos(6, 7)).isEqualTo(100);
        assertThat(five.heldUntilNanos(6, 101)).isEqualTo(101);
    }
}
