// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BoundedBodyTest {
    @Test
    void whatFitsIsKeptAndTheRestIsCounted() {
        BoundedBody body = new BoundedBody(5);

        assertThat(body.add(ByteBuffer.wrap(new byte[] {1, 2, 3}))).isTrue();
        assertThat(body.add(ByteBuffer.wrap(new byte[] {4, 5}))).isTrue();
        ByteBuffer more = ByteBuffer.wrap(new byte[] {6});
        assertThat(body.add(more)).isFalse();

        assertThat(more.hasRemaining()).isFalse();
        assertThat(body.overflowed()).isTrue();
        assertThat(body.toBytes()).containsExactly(1, 2, 3, 4, 5);
        assertThat(body.add(ByteBuffer.allocate(0))).isFalse();
    }

    @Test
    void itGrowsToItsLimitExactly() {
        BoundedBody body = new BoundedBody(5000);
        for (int i = 0; i < 50; i++) {
            assertThat(body.add(ByteBuffer.allocate(100))).isTrue();
        }

        assertThat(body.size()).isEqualTo(5000);
        assertThat(new BoundedBody(0).add(ByteBuffer.allocate(1))).isFalse();
    }
}
