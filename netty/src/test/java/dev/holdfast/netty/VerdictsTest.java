// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import dev.holdfast.llm.transport.RawServer;
import dev.holdfast.llm.transport.WireCall;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls end with: category, where to try again, and whether the server can have acted, by real faults. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
class VerdictsTest {
    private final NettyTransport transport =
            NettyTransport.builder().sslContext(Certificates.LOCAL).build();

    @AfterEach
    void nothingIsLeft() {
        transport.close();
        Fixtures.assertEmpty(transport);
    }

    private Failure failure(URI uri) throws Exception {
        Failure failure = WireCall.start(transport, uri, false, ProviderErrorClassifier.create()::classify)
                .failure();
        for (Throwable link = failure.cause(); link != null; link = link.getCause()) {
            assertThat(link.getClass().getName()).startsWith("java"); // whoever reads it need not know Netty
        }
        return failure;
    }

    private static URI https(RawServer server) {
        return URI.create("https://localhost:" + server.uri("/").getPort());
    }

    @Test
    void aRefusedConnectionWasNotSent() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        for (String host : List.of("127.0.0.1", "localhost")) {
            assertVerdict(
                    failure(URI.create("http://" + host + ":" + port)),
                    "connection.refused",
                    Category.NETWORK,
                    RetryScope.SAME_TARGET,
                    false);
        }
    }

    @Test
    void anUnknownHostWasNotSent() throws Exception {
        assertVerdict(
                failure(URI.create("http://" + "a".repeat(64) + ".invalid")),
                "connection.dns",
                Category.NETWORK,
                RetryScope.SAME_TARGET,
                false);
    }

    @Test
    void aCertificateForNobodyElsewhere() throws Exception {
        NettyTransport byDefault = NettyTransport.create();
        try (Http2Server server = Http2Server.start(request -> request.answer("{}"))) {
            Failure failure = WireCall.start(
                            byDefault, server.uri(""), false, ProviderErrorClassifier.create()::classify)
                    .failure();

            assertVerdict(failure, "connection.tls_permanent", Category.NETWORK, RetryScope.OTHER_TARGET, false);
        } finally {
            byDefault.close();
        }
        Fixtures.assertEmpty(byDefault);
    }

    @Test
    void plainHttpWhereTlsWasExpectedIsForAnotherTarget() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            connection.awaitClose(new CompletableFuture<>());
        })) {
            assertVerdict(
                    failure(https(server)),
                    "connection.tls_permanent",
                    Category.NETWORK,
                    RetryScope.OTHER_TARGET,
                    false);
        }
    }

    @Test
    void aHandshakeThatBreaksOffWasNotSent() throws Exception {
        try (RawServer server = RawServer.start(
                connection -> connection.socket().getInputStream().read(new byte[4096]))) {
            assertVerdict(
                    failure(https(server)),
                    "connection.tls_broken_off",
                    Category.NETWORK,
                    RetryScope.SAME_TARGET,
                    false);
        }
    }

    @Test
    void whatBreaksAfterTheRequestMayHaveBeenActedOn() throws Exception {
        try (RawServer closing = RawServer.start(RawServer.Connection::readRequest);
                RawServer resetting = RawServer.start(connection -> {
                    connection.readRequest();
                    connection.reset();
                });
                RawServer talking = RawServer.start(connection -> {
                    connection.readRequest();
                    connection.write("SSH-2.0-OpenSSH_9 nonsense\r\n\r\n");
                });
                RawServer boasting = RawServer.start(connection -> {
                    connection.readRequest();
                    connection.write("HTTP/1.1 200 OK\r\nx: " + "a".repeat(40 << 10) + "\r\n\r\n");
                });
                RawServer cutting = RawServer.start(connection -> {
                    connection.readRequest();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
                })) {
            assertVerdict(
                    failure(closing.uri("")), "connection.no_response", Category.NETWORK, RetryScope.SAME_TARGET, true);
            assertVerdict(
                    failure(resetting.uri("")), "connection.reset", Category.NETWORK, RetryScope.SAME_TARGET, true);
            assertVerdict(
                    failure(talking.uri("")), "connection.no_response", Category.NETWORK, RetryScope.SAME_TARGET, true);
            assertVerdict(
                    failure(boasting.uri("")),
                    "connection.no_response",
                    Category.NETWORK,
                    RetryScope.SAME_TARGET,
                    true);
            assertVerdict(
                    failure(cutting.uri("")),
                    "connection.body_cut",
                    Category.STREAM_INTERRUPTED,
                    RetryScope.SAME_TARGET,
                    true);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED_STREAM, connection.stream_not_processed, NETWORK, false",
        "ENHANCE_YOUR_CALM, connection.enhance_your_calm, OVERLOADED, true",
        "INTERNAL_ERROR, connection.body_cut, STREAM_INTERRUPTED, true",
        "PROTOCOL_ERROR, connection.io, NETWORK, true"
    })
    void aResetSaysWhetherTheServerActed(Http2Error error, String rule, Category category, boolean sent)
            throws Exception {
        try (Http2Server server = Http2Server.start(request -> request.reset(error))) {
            assertVerdict(failure(server.uri("")), rule, category, RetryScope.SAME_TARGET, sent);
        }
    }

    @Test
    void whatAGoAwayLeavesOutWasNotActedOn() throws Exception {
        try (Http2Server server = Http2Server.start(request -> request.goAway(1))) {
            // the first stream of a client is 3 with Netty: 1 stands for an upgrade
            assertVerdict(
                    failure(server.uri("")),
                    "connection.stream_not_processed",
                    Category.NETWORK,
                    RetryScope.SAME_TARGET,
                    false);
        }
    }

    static Stream<Throwable> nettys() {
        return Stream.of(
                new ConnectTimeoutException("connection timed out"),
                new DecoderException(new SSLHandshakeException("no")),
                new DecoderException(new NotSslRecordException("not an SSL/TLS record: 48545450")),
                new DecoderException("not understood"),
                new TooLongHttpHeaderException("x"),
                new PrematureChannelClosureException("x"),
                new Http2Exception(Http2Error.PROTOCOL_ERROR, "x"),
                new ClosedChannelException());
    }

    @ParameterizedTest
    @MethodSource("nettys")
    void nettysErrorsBecomeTheJdks(Throwable error) {
        for (Throwable told : List.of(Failures.plain(error), Failures.handshaking(error))) {
            assertThat(told.getClass().getName()).startsWith("java");
            assertThat(told).isInstanceOf(IOException.class);
            assertThat(String.valueOf(told.getMessage())).doesNotContain("48545450");
        }
        assertThat(Failures.handshaking(error)).isInstanceOf(SSLException.class);
    }

    private static void assertVerdict(Failure failure, String rule, Category category, RetryScope scope, boolean sent) {
        assertThat(failure.rule()).as("%s", failure.cause()).isEqualTo(rule);
        assertThat(failure.category()).isEqualTo(category);
        assertThat(failure.scope()).isEqualTo(scope);
        assertThat(failure.sent()).as("sent, by %s", failure.cause()).isEqualTo(sent);
    }
}
