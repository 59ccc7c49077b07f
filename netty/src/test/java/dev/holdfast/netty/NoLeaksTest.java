// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The watch itself: a check that cannot fail would prove nothing. */
@ExtendWith(NoLeaks.class)
class NoLeaksTest {
    @Test
    void aBufferThatNobodyReleasesIsFound() {
        WeakReference<ByteBuf> lost = lose();

        for (int i = 0; i < 50 && (lost.get() != null || NoLeaks.found().isEmpty()); i++) {
            System.gc();
        }

        assertThat(NoLeaks.found()).isNotEmpty();
        NoLeaks.found().clear();
    }

    private static WeakReference<ByteBuf> lose() {
        return new WeakReference<>(PooledByteBufAllocator.DEFAULT.buffer(64));
    }
}
