// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import org.junit.jupiter.api.AfterEach;

/** The transport of the JDK keeps the contract of all. */
class JdkTransportTest implements TransportContract {
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
