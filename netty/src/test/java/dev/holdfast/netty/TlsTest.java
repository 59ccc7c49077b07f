// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static dev.holdfast.llm.transport.TransportFixture.request;
import static dev.holdfast.netty.Fixtures.ANSWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.transport.RawServer;
import dev.holdfast.llm.transport.Recorder;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** TLS against the JDK's own server sockets: whom it trusts, and how it ends. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
class TlsTest {

    private final NettyTransport transport =
            NettyTransport.builder().sslContext(Certificates.LOCAL).build();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void nothingIsLeft() {
        transport.close();
        Fixtures.assertEmpty(transport);
    }

    private static RawServer server(SSLContext context, RawServer.Script script) throws IOException {
        ServerSocket listening =
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        return RawServer.startTls(listening, script);
    }

    private static URI localhost(RawServer server) {
        return URI.create("https://localhost:" + server.uri("/").getPort() + "/");
    }

    @Test
    void http11IsSpokenWhereTheServerChoosesNothingAndTheConnectionIsUsedAgain() throws Exception {
        CompletableFuture<List<SNIServerName>> names = new CompletableFuture<>();
        try (RawServer server = server(Certificates.LOCAL, connection -> {
            for (int i = 0; i < 2; i++) {
                connection.readRequest();
                ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) connection.socket()).getSession();
                names.complete(session.getRequestedServerNames());
                connection.write(ANSWER);
            }
        })) {
            for (int i = 0; i < 2; i++) {
                Recorder each = new Recorder();
                transport.send(request(localhost(server), "{}"), each).request(Long.MAX_VALUE);
                assertThat(each.failure()).isNull();
                assertThat(each.signals).containsExactly("connected", "sent", "head 200", "bytes", "end");
            }

            assertThat(server.accepted()).isEqualTo(1);
            assertThat(names.join()).containsExactly(new SNIHostName("localhost"));
        }
    }

    @Test
    void exchangesThatWaitedForTheServersChoiceAllGoOut() throws Exception {
        try (RawServer server = server(Certificates.LOCAL, connection -> {
            while (true) {
                connection.readRequest();
                connection.write(ANSWER);
            }
        })) {
            List<Recorder> all =
                    java.util.stream.Stream.generate(Recorder::new).limit(20).toList();
            all.forEach(each ->
                    transport.send(request(localhost(server), "{}"), each).request(Long.MAX_VALUE));

            for (Recorder each : all) {
                assertThat(each.failure()).isNull();
            }
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws Exception {
        NettyTransport trusting =
                NettyTransport.builder().sslContext(Certificates.ELSEWHERE).build();
        try (RawServer server = server(Certificates.ELSEWHERE, connection -> {
            connection.readRequest();
            connection.write(ANSWER);
        })) {
            trusting.send(request(localhost(server), "{}"), recorder);

            assertThat(recorder.failure()).isInstanceOf(SSLHandshakeException.class);
            assertThat(recorder.signals).containsExactly("failure");
        } finally {
            trusting.close();
        }
        Fixtures.assertEmpty(trusting);
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefusedByDefault() throws Exception {
        NettyTransport byDefault = NettyTransport.create();
        try (RawServer server = server(Certificates.LOCAL, connection -> {
            connection.readRequest();
            connection.write(ANSWER);
        })) {
            byDefault.send(request(localhost(server), "{}"), recorder);

            assertThat(recorder.failure())
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("PKIX");
            assertThat(recorder.signals).containsExactly("failure");
        } finally {
            byDefault.close();
        }
        Fixtures.assertEmpty(byDefault);
    }

    @Test
    void aServerThatLeavesInTheHandshakeNeverConnected() throws Exception {
        try (RawServer server = RawServer.start(
                connection -> connection.socket().getInputStream().read())) {
            URI uri = URI.create("https://localhost:" + server.uri("/").getPort() + "/");
            transport.send(request(uri, "{}"), recorder);

            assertThat(recorder.failure()).isInstanceOf(javax.net.ssl.SSLException.class);
            assertThat(recorder.signals).containsExactly("failure");
        }
    }

    @Test
    void aServerThatIsSilentInTheHandshakeIsAConnectTimeout() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> connection.awaitClose(seen))) {
            URI uri = URI.create("https://localhost:" + server.uri("/").getPort() + "/");
            transport.send(
                    dev.holdfast.llm.transport.TransportRequest.post(
                            uri, java.util.Map.of(), new byte[] {'x'}, java.time.Duration.ofMillis(200)),
                    recorder);

            assertThat(recorder.failure()).isInstanceOf(java.net.http.HttpConnectTimeoutException.class);
            assertThat(seen.get(5, TimeUnit.SECONDS)).isIn("closed", "reset");
        }
    }

    @Test
    void aBodyWithoutLengthEndsWithTheFarewellOfTls() throws Exception {
        try (RawServer server = server(Certificates.LOCAL, connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}");
        })) {
            transport.send(request(localhost(server), "{}"), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(recorder.text()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void aBodyWithoutLengthIsCutWhenTlsSaysNoFarewell() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        SSLContext context = Certificates.LOCAL;
        try (RawServer server = RawServer.start(plain -> {
            SSLSocket tls = (SSLSocket) context.getSocketFactory()
                    .createSocket(plain.socket(), "localhost", plain.socket().getPort(), false);
            tls.setUseClientMode(false);
            RawServer.Connection connection = new RawServer.Connection(tls);
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}");
            try {
                cut.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            plain.socket().shutdownOutput();
        })) {
            URI uri = URI.create("https://localhost:" + server.uri("/").getPort() + "/");
            transport.send(request(uri, "{}"), recorder).request(Long.MAX_VALUE);
            recorder.firstBytes.get(10, TimeUnit.SECONDS);
            cut.countDown();

            assertThat(recorder.failure()).isInstanceOf(EOFException.class);
            assertThat(recorder.text()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void cancellingDoesNotWaitForAPeerThatDoesNotRead() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (RawServer server = server(Certificates.LOCAL, connection -> {
            connection.socket().getInputStream().read();
            try {
                cancelled.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.awaitClose(seen);
        })) {
            var exchange = transport.send(request(localhost(server), "x".repeat(20 << 20)), recorder);
            long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!recorder.signals.contains("connected") && System.nanoTime() < patience) {
                Thread.onSpinWait();
            }
            exchange.cancel();
            while (transport.openConnections() > 0 && System.nanoTime() < patience) {
                Thread.onSpinWait();
            }
            assertThat(transport.openConnections()).isZero();
            cancelled.countDown();

            assertThat(seen.get(5, TimeUnit.SECONDS)).isIn("closed", "reset");
            assertThat(recorder.signals).containsExactly("connected");
        }
    }
}
