// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.transport.TransportFixture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Transports whose end is checked: no exchange, no connection. */
final class Fixtures {
    private Fixtures() {}

    static TransportFixture open() {
        return of(NettyTransport.create());
    }

    static TransportFixture of(NettyTransport transport) {
        return new TransportFixture(transport, transport::inFlight, () -> assertEmpty(transport));
    }

    /** After close: what is open closes in a moment. */
    static void assertEmpty(NettyTransport transport) {
        await(() -> transport.inFlight() + transport.openConnections() == 0);
    }

    /** Waits, with patience, for what another thread brings about. */
    static void await(BooleanSupplier condition) {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean() && System.nanoTime() < patience) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
