// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.transport.TransportFixture;
import java.util.concurrent.TimeUnit;

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
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (transport.inFlight() + transport.openConnections() > 0 && System.nanoTime() < patience) {
            Thread.onSpinWait();
        }
        assertThat(transport.inFlight()).as("in flight").isZero();
        assertThat(transport.openConnections()).as("open connections").isZero();
    }
}
