// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static dev.holdfast.gateway.internal.http.RawHttp2Client.ACK;
import static dev.holdfast.gateway.internal.http.RawHttp2Client.CONTINUATION;
import static dev.holdfast.gateway.internal.http.RawHttp2Client.DATA;
import static dev.holdfast.gateway.internal.http.RawHttp2Client.END_HEADERS;
import static dev.holdfast.gateway.internal.http.RawHttp2Client.END_STREAM;
import static dev.holdfast.gateway.internal.http.RawHttp2Client.HEADERS;
import static dev.holdfast.gateway.internal.http.RawHttp2Client.PING;
import static dev.holdfast.gateway.internal.http.RawHttp2Client.RESET;
import static dev.holdfast.gateway.internal.http.RawHttp2Client.SETTINGS;
import static dev.holdfast.gateway.internal.http.RawHttp2Client.fields;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 as no proper client sends it: the connection is given up, the server and others are unharmed. Real sockets. */
@Timeout(60)
class Http2AbuseTest {
    /** Or nothing: what was sent and not read makes the system reset the connection, which can overtake the words. */
    private static final Integer[] CALM_DOWN = {11, -1};

    private final RunningServer running = RunningServer.echo();

    @AfterEach
    void othersAreUnharmedAndNothingIsLeft() {
        try (RawHttp2Client other = new RawHttp2Client(running.port())) {
            assertThat(other.get(1, "/ok").readBody(1)).isEqualTo("GET /ok ");
        }
        running.assertAllReturned();
        running.close();
    }

    private RawHttp2Client client() {
        return new RawHttp2Client(running.port());
    }

    @Test
    void rapidResetIsCalmedDown() {
        try (RawHttp2Client client = client()) {
            for (int i = 0; i < 500; i++) {
                client.get(2 * i + 1, "/").send(RESET, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
            }

            assertThat(client.readGoAway()).isIn((Object[]) CALM_DOWN);
        }
    }

    @Test
    void endlessContinuationsAreRefused() {
        try (RawHttp2Client client = client()) {
            client.send(
                    HEADERS,
                    END_STREAM,
                    1,
                    fields(":method", "GET", ":scheme", "http", ":authority", "x", ":path", "/"));
            for (int i = 0; i < 1000; i++) {
                client.send(CONTINUATION, 0, 1, new byte[0]);
            }

            assertThat(client.readGoAway()).isIn((Object[]) CALM_DOWN);
        }
    }

    @Test
    void hugeHeaderListIsRefusedBeforeItIsWhole() {
        try (RawHttp2Client client = client()) {
            client.send(
                    HEADERS,
                    END_STREAM,
                    1,
                    fields(":method", "GET", ":scheme", "http", ":authority", "x", ":path", "/"));
            for (int i = 0; i < 100; i++) {
                client.send(CONTINUATION, 0, 1, fields("a", "b".repeat(16_000)));
            }

            assertThat(client.readGoAway()).isNotEqualTo(0);
        }
    }

    @Test
    void headerListOverTheLimitIsA431() {
        try (RawHttp2Client client = client()) {
            client.post(1, "/", "a", "b".repeat(16_000), "c", "d".repeat(100)).send(DATA, END_STREAM, 1, new byte[0]);
            client.send(
                    HEADERS,
                    END_STREAM,
                    3,
                    fields(
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "x",
                            ":path",
                            "/",
                            "a",
                            "b".repeat(16_000)));
            client.send(CONTINUATION, 0, 3, fields("c", "d".repeat(16_000)));
            client.send(CONTINUATION, END_HEADERS, 3, fields("e", "f".repeat(2_000)));

            assertThat(client.readHeaders(1).status()).hasToString("200");
            assertThat(client.readHeaders(3).status()).hasToString("431");
            assertThat(client.get(5, "/next").readBody(5)).isEqualTo("GET /next ");
        }
    }

    @Test
    void floodOfPingsAndSettingsWithoutReadingIsCut() {
        try (RawHttp2Client client = client()) {
            byte[] ping = RawHttp2Client.frame(PING, 0, 0, new byte[8]);
            byte[] settings = RawHttp2Client.frame(SETTINGS, 0, 0, new byte[0]);
            byte[] flood = new byte[1000 * (ping.length + settings.length)];
            for (int i = 0; i < 1000; i++) {
                System.arraycopy(ping, 0, flood, i * (ping.length + settings.length), ping.length);
                System.arraycopy(
                        settings, 0, flood, i * (ping.length + settings.length) + ping.length, settings.length);
            }
            for (int i = 0; i < 1000; i++) {
                client.sendRaw(flood);
            }

            assertThat(client.readGoAway()).isIn((Object[]) CALM_DOWN);
        }
    }

    @Test
    void emptyDataFramesAreCalmedDown() {
        try (RawHttp2Client client = client()) {
            client.post(1, "/");
            for (int i = 0; i < 100; i++) {
                client.send(DATA, 0, 1, new byte[0]);
            }

            assertThat(client.readGoAway()).isIn((Object[]) CALM_DOWN);
        }
    }

    @Test
    void streamsOverTheLimitAreRefusedAndTheRestAnswered() {
        AtomicInteger arrived = new AtomicInteger();
        try (RunningServer slow = new RunningServer((request, response) -> arrived.incrementAndGet());
                RawHttp2Client client = new RawHttp2Client(slow.port())) {
            for (int i = 0; i < 300; i++) {
                client.get(2 * i + 1, "/");
            }

            RawHttp2Client.Frame reset = client.readUntil(frame -> frame.type() == RESET);

            assertThat(reset.code()).isEqualTo(7);
            assertThat(arrived.get()).isEqualTo(256);
        }
    }

    @Test
    void settingsAreAnsweredAndAcknowledgementsTaken() {
        try (RawHttp2Client client = client()) {
            client.send(SETTINGS, ACK, 0, new byte[0]).send(PING, 0, 0, new byte[8]);

            assertThat(client.readUntil(frame -> frame.type() == PING).flags()).isEqualTo(ACK);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "get, /, 400",
        "GET, x, 400",
        "GET, *, 400",
        "GET, http://x/, 400",
        "GET, /a#b, 400",
        "GET, /%zz, 400",
        "GET, /a b, 400",
    })
    void whatHttp1RefusesIsRefusedHere(String method, String path, int status) {
        try (RawHttp2Client client = client()) {
            client.send(
                    HEADERS,
                    END_HEADERS | END_STREAM,
                    1,
                    fields(":method", method, ":scheme", "http", ":authority", "x", ":path", path));

            Http2Headers headers = client.readHeaders(1);

            assertThat(headers.status()).hasToString(Integer.toString(status));
            assertThat(headers.get("content-type")).hasToString("application/json");
            assertThat(client.get(3, "/next").readBody(3)).isEqualTo("GET /next ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "host, other, 400",
        "content-encoding, gzip, 415",
        "content-length, 99999999999, 413",
    })
    void headersOfABodyAreCheckedToo(String name, String value, int status) {
        try (RawHttp2Client client = client()) {
            client.post(1, "/", name, value);

            assertThat(client.readHeaders(1).status()).hasToString(Integer.toString(status));
            assertThat(client.readBody(1)).startsWith("{\"error\":{\"message\":\"");
            assertThat(client.readUntil(frame -> frame.type() == RESET).code()).isZero();
        }
    }

    @Test
    void authorityBecomesTheHost() {
        try (RunningServer hosts = new RunningServer((request, response) -> response.send(
                        200,
                        RunningServer.none(),
                        request.headers().get("host").getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
                RawHttp2Client client = new RawHttp2Client(hosts.port())) {

            assertThat(client.get(1, "/").readBody(1)).isEqualTo("x");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "connection, close",
        "transfer-encoding, chunked",
        "Upper, case",
        "te, gzip",
        "a, 'b\r\nc: d'",
        ":path, /other"
    })
    void malformedRequestsReachNoEndpoint(String name, String value) {
        AtomicInteger arrived = new AtomicInteger();
        try (RunningServer counting = new RunningServer((request, response) -> {
                    arrived.incrementAndGet();
                    RunningServer.echo(request, response);
                });
                RawHttp2Client client = new RawHttp2Client(counting.port())) {
            client.post(1, "/", name, value)
                    .send(DATA, END_STREAM, 1, new byte[0])
                    .send(PING, 0, 0, new byte[8]);

            RawHttp2Client.Frame answer =
                    client.readUntil(frame -> frame.stream() == 1 || frame.type() == RawHttp2Client.GOAWAY);

            assertThat(answer.type() != HEADERS
                            || client.headers(answer).status().toString().equals("400"))
                    .isTrue();
            assertThat(arrived).hasValue(0);
        }
    }

    @Test
    void slowBodyIsTimedOutAndSoIsAnIdleConnection() {
        Duration brief = Duration.ofMillis(200);
        try (RunningServer impatient = new RunningServer(
                        RunningServer::echo,
                        TestLimits.tightened()
                                .timeouts(brief, brief, brief.multipliedBy(3))
                                .build());
                RawHttp2Client client = new RawHttp2Client(impatient.port())) {
            client.post(1, "/").send(DATA, 0, 1, new byte[1]);

            assertThat(client.readHeaders(1).status()).hasToString("408");
            assertThat(client.readGoAway()).isZero();
        }
    }

    @Test
    void clientThatNeverOpensItsWindowLosesTheStream() {
        Duration brief = Duration.ofMillis(300);
        try (RunningServer impatient = new RunningServer(
                        (request, response) -> response.send(200, RunningServer.none(), new byte[1 << 20]),
                        TestLimits.tightened().timeouts(brief, brief, brief).build());
                RawHttp2Client client = new RawHttp2Client(impatient.port())) {
            client.get(1, "/");

            assertThat(client.readUntil(frame -> frame.type() == RESET).stream())
                    .isEqualTo(1);
        }
    }
}
