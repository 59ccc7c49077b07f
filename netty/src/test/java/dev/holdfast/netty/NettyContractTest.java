// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import dev.holdfast.llm.transport.TransportContract;
import dev.holdfast.llm.transport.TransportFaultContract;
import dev.holdfast.llm.transport.TransportFixture;
import dev.holdfast.llm.transport.WireFaultContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** The transport on Netty keeps the contract of all transports, to the same words as the JDK's. */
@ExtendWith(NoLeaks.class)
class NettyContractTest implements TransportContract, TransportFaultContract, WireFaultContract {
    private final TransportFixture fixture = Fixtures.open();

    @Override
    public TransportFixture fixture() {
        return fixture;
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        fixture.close();
    }
}
