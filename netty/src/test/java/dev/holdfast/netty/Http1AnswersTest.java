// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static dev.holdfast.llm.transport.TransportFixture.request;
import static dev.holdfast.netty.Fixtures.ANSWER;
import static dev.holdfast.netty.Fixtures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Await;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.RawServer;
import dev.holdfast.llm.transport.Recorder;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers may send on HTTP/1.1 and what not, over real sockets. */
@Timeout(30)
@ExtendWith(NoLeaks.class)
class Http1AnswersTest {
    private final NettyTransport transport = NettyTransport.create();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void nothingIsLeft() {
        transport.close();
        Fixtures.assertEmpty(transport);
    }

    @Test
    void interimResponsesAreSkipped() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ANSWER);
            connection.readRequest();
            connection.write(ANSWER);
        })) {
            assertThat(answered(transport, server).signals)
                    .containsExactly("connected", "sent", "head 200", "bytes", "end");
            answered(transport, server);

            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void anUpgradeThatNobodyAskedForIsAFailure() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
            connection.awaitClose(new CompletableFuture<>());
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aBodyWithoutLengthEndsWithItsConnection() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}");
        })) {
            assertThat(answered(transport, server).text()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void aBodyWithoutLengthThatIsResetIsAFailure() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}");
            recorder.firstBytes.join();
            connection.reset();
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            assertThat(recorder.signals).endsWith("bytes", "failure");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
            })
    void aBodyThatStopsEarlyIsAFailureAfterWhatCame(String rest) throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n" + rest);
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isInstanceOf(EOFException.class);
            assertThat(recorder.text()).isEqualTo("abc");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
                "HTTP/1.1 twohundred OK\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
            })
    void whatHttpForbidsIsAFailure(String response) throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(response);
            connection.awaitClose(new CompletableFuture<>());
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            Await.until(() -> transport.openConnections() == 0);
        }
    }

    @Test
    void aHeadOfMoreThanItsBoundIsAFailureAndTheConnectionIsClosed() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nX: " + "a".repeat(33 << 10) + "\r\n\r\n");
            connection.awaitClose(seen);
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder);

            assertThat(recorder.failure()).isInstanceOf(IOException.class).hasMessageContaining("head is larger");
            assertThat(seen.get(5, TimeUnit.SECONDS)).isIn("closed", "reset");
        }
    }

    @Test
    void theAnswerToHeadHasNoBodyWhateverItsLengthSays() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            for (int i = 0; i < 2; i++) {
                connection.readRequest();
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            }
        })) {
            for (int i = 0; i < 2; i++) {
                Recorder each = new Recorder();
                transport.send(
                        new TransportRequest("HEAD", server.uri("/"), Map.of(), new byte[0], Duration.ofSeconds(5)),
                        each);
                assertThat(each.failure()).isNull();
                assertThat(each.signals).containsExactly("connected", "head 200", "end");
            }

            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aClosedConnectionTellsEvenWhileNothingIsAsked() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder);

            assertThat(recorder.failure()).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void demandFromWithinASignalDoesNotNestSignals() throws Exception {
        CompletableFuture<Exchange> self = new CompletableFuture<>();
        CompletableFuture<Integer> over = new CompletableFuture<>();
        int pieces = 2_000;
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            StringBuilder all = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            all.append("1\r\nx\r\n".repeat(pieces)).append("0\r\n\r\n");
            connection.write(all.toString());
        })) {
            Exchange exchange = transport.send(request(server.uri("/"), "{}"), new TransportListener() {
                private int heard;
                private boolean hearing;

                @Override
                public void onHead(ResponseHead head) {
                    self.join().request(1);
                }

                @Override
                public void onBytes(ByteBuffer bytes) {
                    if (hearing) {
                        over.completeExceptionally(new AssertionError("nested"));
                    }
                    hearing = true;
                    heard += bytes.remaining();
                    self.join().request(1);
                    hearing = false;
                }

                @Override
                public void onEnd() {
                    over.complete(heard);
                }

                @Override
                public void onFailure(Throwable error) {
                    over.completeExceptionally(error);
                }
            });
            self.complete(exchange);

            assertThat(over.get(10, TimeUnit.SECONDS)).isEqualTo(pieces);
        }
    }
}
