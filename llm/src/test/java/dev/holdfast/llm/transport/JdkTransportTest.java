// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import static dev.holdfast.llm.transport.TransportFixture.STREAM_HEAD;

import dev.holdfast.llm.Collected;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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

    @Test
    void whoStillHoldsAnExchangeThatIsOverDoesNotHoldItsListener() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(STREAM_HEAD);
            connection.awaitClose(new CompletableFuture<>());
        })) {
            Recorder listener = new Recorder();
            Exchange exchange = fixture.post(server.uri("/"), listener);
            listener.head.get(20, TimeUnit.SECONDS);
            exchange.cancel();
            Collected watched = new Collected(listener);
            listener = null;

            watched.await("the listener of a cancelled exchange");
            exchange.cancel(); // holds the exchange until here
        }
    }
}
