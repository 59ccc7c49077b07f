// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static dev.holdfast.llm.transport.TransportFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Await;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.Recorder;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 that goes wrong, over real sockets against a server that does as it is told. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
class Http2FaultsTest {
    private final NettyTransport transport =
            NettyTransport.builder().sslContext(Certificates.LOCAL).build();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void nothingIsLeft() {
        transport.close();
        Fixtures.assertEmpty(transport);
    }

    private Exchange post(Http2Server server, String path, Recorder to) {
        return transport.send(request(server.uri(path), "{}"), to);
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED_STREAM, stream not processed: refused stream",
        "ENHANCE_YOUR_CALM, stream was reset: ENHANCE_YOUR_CALM",
        "INTERNAL_ERROR, stream was reset: INTERNAL_ERROR",
        "CANCEL, stream was reset: CANCEL"
    })
    void aResetIsAFailureThatSaysWhy(Http2Error error, String message) throws Exception {
        try (Http2Server server = Http2Server.start(request -> request.reset(error))) {
            post(server, "/", recorder);

            assertThat(recorder.failure()).isInstanceOf(IOException.class).hasMessage(message);
            assertThat(recorder.signals).endsWith("failure").doesNotContain("end");
        }
    }

    @Test
    void aResetInTheBodyComesAfterWhatWasReceivedEvenWhenNobodyAsked() throws Exception {
        try (Http2Server server = Http2Server.start(request -> {
            if (request.path().equals("/next")) {
                request.answer("ok");
                return;
            }
            request.head(200, false);
            for (int i = 0; i < 5; i++) {
                request.data("part", false);
            }
            // later: a reset drops what was written and has not gone out
            request.stream().eventLoop().execute(() -> request.reset(Http2Error.INTERNAL_ERROR));
        })) {
            Exchange exchange = post(server, "/", recorder);
            recorder.head.get(10, TimeUnit.SECONDS);
            Await.until(() -> server.streams.get() == 0);
            Recorder next = new Recorder();
            post(server, "/next", next).request(Long.MAX_VALUE);
            assertThat(next.failure()).isNull(); // which came after the reset
            assertThat(recorder.over).isNotDone();
            exchange.request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            assertThat(recorder.text()).isEqualTo("part".repeat(5));
        }
    }

    @Test
    void fewerBytesThanDeclaredAreAFailure() throws Exception {
        try (Http2Server server = Http2Server.start(request -> {
            request.head(200, false, "content-length", "10");
            request.data("abc", true);
        })) {
            post(server, "/", recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            assertThat(recorder.signals).doesNotContain("end");
        }
    }

    @Test
    void goAwayFailsWhatWasNotTakenAndLetsTheRestEnd() throws Exception {
        List<Http2Server.Request> held = new ArrayList<>();
        try (Http2Server server = Http2Server.start(request -> {
            held.add(request);
            if (request.path().equals("/late")) {
                request.goAway(3);
                held.get(0).answer("first");
            } else if (request.path().equals("/new")) {
                request.answer("new");
            }
        })) {
            Recorder late = new Recorder();
            Recorder fresh = new Recorder();
            post(server, "/first", recorder).request(Long.MAX_VALUE);
            Await.until(() -> server.streams.get() == 1);
            post(server, "/late", late).request(Long.MAX_VALUE);

            assertThat(late.failure()).isInstanceOf(IOException.class).hasMessage("stream not processed: goaway");
            assertThat(recorder.failure()).isNull();
            assertThat(recorder.text()).isEqualTo("first");
            post(server, "/new", fresh).request(Long.MAX_VALUE);
            assertThat(fresh.failure()).isNull();
            assertThat(server.connections).hasSize(2);
            Await.until(() -> transport.openConnections() == 1);
        }
    }

    @Test
    void aConnectionThatIsLostFailsAllItsExchanges() throws Exception {
        List<Http2Server.Request> held = new ArrayList<>();
        try (Http2Server server = Http2Server.start(request -> {
            held.add(request);
            if (held.size() == 10) {
                request.stream().parent().pipeline().firstContext().close();
            }
        })) {
            List<Recorder> recorders = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Recorder each = new Recorder();
                recorders.add(each);
                post(server, "/" + i, each);
            }

            for (Recorder each : recorders) {
                assertThat(each.failure()).isInstanceOf(IOException.class).hasMessageContaining("before response");
            }
            Await.until(() -> transport.openConnections() == 0);
        }
    }

    @Test
    void aHeadOfMoreThanItsBoundIsAFailureOfItsExchangeAlone() throws Exception {
        try (Http2Server server = Http2Server.start(request -> {
            if (request.path().equals("/large")) {
                request.head(200, true, "x", "a".repeat(40 << 10));
            } else {
                request.answer("ok");
            }
        })) {
            post(server, "/large", recorder).request(1);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
        }
    }
}
