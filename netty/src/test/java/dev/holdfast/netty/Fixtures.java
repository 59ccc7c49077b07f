// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static dev.holdfast.llm.transport.TransportFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Await;
import dev.holdfast.llm.transport.RawServer;
import dev.holdfast.llm.transport.Recorder;
import dev.holdfast.llm.transport.TransportFixture;

/** Transports whose end is checked: no exchange, no connection. */
final class Fixtures {
    /** The shortest whole answer with a body. */
    static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    private Fixtures() {}

    static TransportFixture open() {
        return of(NettyTransport.create());
    }

    static TransportFixture of(NettyTransport transport) {
        return new TransportFixture(transport, transport::inFlight, () -> assertEmpty(transport));
    }

    /** Sends one request, whose answer is whole. */
    static Recorder answered(NettyTransport transport, RawServer server) throws Exception {
        Recorder each = new Recorder();
        transport.send(request(server.uri("/"), "{}"), each).request(Long.MAX_VALUE);
        assertThat(each.failure()).isNull();
        return each;
    }

    /** After close: what is open closes in a moment. */
    static void assertEmpty(NettyTransport transport) {
        Await.until(() -> transport.inFlight() + transport.openConnections() == 0);
    }
}
