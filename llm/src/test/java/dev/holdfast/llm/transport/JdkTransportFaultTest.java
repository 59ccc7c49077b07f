// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import org.junit.jupiter.api.AfterEach;

/** The transport of the JDK reports faults as all do. */
class JdkTransportFaultTest implements TransportFaultContract {
    private final TransportFixture fixture = TransportFixture.jdk();

    @Override
    public TransportFixture fixture() {
        return fixture;
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        fixture.close();
    }
}
