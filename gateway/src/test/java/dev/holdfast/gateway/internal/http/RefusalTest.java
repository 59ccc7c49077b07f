// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static dev.holdfast.gateway.internal.http.RunningServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks the rules of HTTP/1 is refused with a reason, and the connection closed. Real sockets: it is about bytes. */
@Timeout(60)
class RefusalTest {
    private static RunningServer running;

    @BeforeAll
    static void start() {
        running = new RunningServer(
                RunningServer::echo, TestLimits.tightened().bodyBytes(100_000).build());
    }

    @AfterAll
    static void stop() {
        running.assertAllReturned();
        running.close();
    }

    private static RawClient.Answer refusalOf(String bytes) {
        try (RawClient client = running.client()) {
            RawClient.Answer answer = client.send(unescaped(bytes)).readAnswer();
            assertThat(answer.head()).contains("connection: close").contains("content-type: application/json");
            assertThat(answer.body()).startsWith("{\"error\":{\"message\":\"").contains("\"code\":\"");
            assertThat(client.readAll()).isEmpty();
            return answer;
        }
    }

    private static byte[] unescaped(String text) {
        return text.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // two lengths
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length: 0\\r\\n\\r\\n0\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3\\r\\nContent-Length: 4\\r\\n\\r\\nabcd",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3\\r\\nContent-Length: 3\\r\\n\\r\\nabc",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3, 3\\r\\n\\r\\nabc",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: +3\\r\\n\\r\\nabc",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: -1\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 0x3\\r\\n\\r\\nabc",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length:\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 99999999999999999999\\r\\n\\r\\n",
                // codings that others could read as chunked, or not
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: xchunked\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked, identity\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: identity\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: \\013chunked\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: 'chunked'\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding:\\r\\n chunked\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding : chunked\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\n Transfer-Encoding: chunked\\r\\n\\r\\n",
                "POST / HTTP/1.0\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n",
                // lines
                "GET / HTTP/1.1\\nHost: x\\n\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\n\\r\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\na: b\\rc: d\\r\\n\\r\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\na: b\\0c\\r\\n\\r\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\na\\0b: c\\r\\n\\r\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\na: b\\177\\r\\n\\r\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\na: b\\r\\n c\\r\\n\\r\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\na: b\\r\\n\\tc\\r\\n\\r\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\nno colon\\r\\n\\r\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\n: empty\\r\\n\\r\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\nn\\344me: v\\r\\n\\r\\n",
                "\\r\\nGET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET  / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /  HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET / HTTP/1.1 \\r\\nHost: x\\r\\n\\r\\n",
                "GET\\t/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /\\r\\n\\r\\n",
                "GET\\r\\n\\r\\n",
                "get / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET / http/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "G(T / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                // hosts
                "GET / HTTP/1.1\\r\\n\\r\\n",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\nHost: x\\r\\n\\r\\n",
                "GET / HTTP/1.0\\r\\nHost: x\\r\\nHost: y\\r\\n\\r\\n",
                // targets
                "GET http://x/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "CONNECT x:443 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "OPTIONS * HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET x HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /a#b HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /a?b#c HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /% HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /%4 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /%zz HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /?%u1234 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /a\\\\b HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /\\344 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /\\0 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                // chunks
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\nabc\\r\\n0\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabcd\\r\\n0\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n-3\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0x3\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n 3\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3 \\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3;\\0\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n100000003\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n folded\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\nno colon\\r\\n\\r\\n",
                // other protocols
                "\\026\\003\\001\\002\\0\\001\\0",
                "\\0\\0\\0",
            })
    void whatCouldBeReadInTwoWaysIsABadRequest(String bytes) {
        assertThat(refusalOf(bytes).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.2\\r\\nHost: x\\r\\n\\r\\n, 505",
        "GET / HTTP/2.0\\r\\nHost: x\\r\\n\\r\\n, 505",
        "PRI * HTTP/2.0\\r\\n\\r\\nXX\\r\\n\\r\\n, 505",
        "GET / HTTP/0.9\\r\\nHost: x\\r\\n\\r\\n, 505",
        "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3\\r\\nExpect: 200-ok\\r\\n\\r\\nabc, 417",
        "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3\\r\\nContent-Encoding: gzip\\r\\n\\r\\nabc, 415",
        "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3\\r\\nContent-Encoding: identity\\r\\ncontent-encoding: br\\r\\n\\r\\nabc, 415",
        "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 100001\\r\\n\\r\\nabc, 413",
        "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n186a1\\r\\n, 413",
    })
    void whatIsNotSupportedSaysSo(String bytes, int status) {
        assertThat(refusalOf(bytes).status()).isEqualTo(status);
    }

    @Test
    void tlsIsToldThatThisIsPlainHttp() {
        assertThat(refusalOf("\\026\\003\\001").body()).contains("not TLS");
    }

    @Test
    void longRequestLineIsRefusedBeforeItEnds() {
        assertThat(refusalOf("GET /" + "a".repeat(9000)).status()).isEqualTo(414);
    }

    @Test
    void longHeaderIsRefusedBeforeItEnds() {
        assertThat(refusalOf("GET / HTTP/1.1\\r\\nHost: x\\r\\na: " + "b".repeat(33 << 10))
                        .status())
                .isEqualTo(431);
    }

    @Test
    void manyHeadersAreRefused() {
        assertThat(refusalOf("GET / HTTP/1.1\\r\\nHost: x\\r\\n" + "a: b\\r\\n".repeat(101))
                        .status())
                .isEqualTo(431);
    }

    @Test
    void longTrailersAndChunkExtensionsAreRefused() {
        String head = "POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n";

        assertThat(refusalOf(head + "1;" + "x".repeat(300)).status()).isEqualTo(400);
        assertThat(refusalOf(head + "0\\r\\n" + "a: b\\r\\n".repeat(2000)).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3\\r\\n\\r\\nabc",
                "GET /a HTTP/1.1\\r\\nHost:x\\r\\nCONTENT-LENGTH:\\t3 \\t\\r\\n\\r\\nabc",
                "GET /a HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: Chunked\\r\\n\\r\\n00003;a=\\\"b\\\"\\r\\nabc\\r\\n000\\r\\n\\r\\n",
                "GET /a HTTP/1.1\\r\\nHost: \\r\\nempty:\\r\\nobs: \\344\\r\\nContent-Length: 3\\r\\n\\r\\nabc",
                "GET /a HTTP/1.0\\r\\nConnection: Keep-Alive\\r\\nContent-Length: 3\\r\\n\\r\\nabc",
            })
    void whatIsAllowedIsAnsweredHoweverItIsSplit(String bytes) {
        try (RawClient client = running.client()) {

            for (byte b : unescaped(bytes)) {
                client.send(new byte[] {b});
            }

            assertThat(client.readAnswer().body()).isEqualTo("GET /a abc");
            assertThat(client.send(unescaped(bytes)).readAnswer().body()).isEqualTo("GET /a abc");
        }
    }

    @Test
    void oldClientIsAnsweredAndClosed() {
        try (RawClient client = running.client()) {

            assertThat(client.send("GET /a HTTP/1.0\r\n\r\n").readAll())
                    .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 7\r\nconnection: close\r\n\r\nGET /a ");
        }
    }

    @Test
    void headGetsTheLengthWithoutTheBody() {
        try (RawClient client = running.client()) {

            String all = client.send("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .readAll();

            assertThat(all).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 8\r\nconnection: close\r\n\r\n");
        }
    }

    @Test
    void clientThatWaitsForContinueIsTold() {
        try (RawClient client = running.client()) {

            client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            String told = client.readUntil("\r\n\r\n");

            assertThat(told).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.send("abc").readAnswer().body()).isEqualTo("POST /a abc");
        }
    }

    @Test
    void clientThatWouldSendTooMuchIsNotToldToContinue() {
        assertThat(refusalOf(
                                "POST /a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 100001\\r\\nExpect: 100-continue\\r\\n\\r\\n")
                        .status())
                .isEqualTo(413);
    }

    @Test
    void slowHeadAndSlowBodyAreTimedOutAndIdleConnectionsClosed() {
        Duration brief = Duration.ofMillis(200);
        try (RunningServer impatient = new RunningServer(
                        RunningServer::echo,
                        TestLimits.tightened()
                                .timeouts(brief, brief, brief.multipliedBy(3))
                                .build());
                RawClient head = impatient.client();
                RawClient body = impatient.client();
                RawClient idle = impatient.client()) {

            head.send("GET / HTTP/1.1\r\nHo");
            body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na");

            assertThat(head.readAnswer().status()).isEqualTo(408);
            assertThat(body.readAnswer().status()).isEqualTo(408);
            assertThat(idle.readAll()).isEmpty();
            head.close();
            body.close();
            await("all are closed", () -> impatient.server.connections() == 0);
        }
    }

    @Test
    void clientThatNeverReadsItsAnswerIsClosed() {
        Duration brief = Duration.ofMillis(300);
        try (RunningServer impatient = new RunningServer(
                        (request, response) -> response.send(200, RunningServer.none(), new byte[16 << 20]),
                        TestLimits.tightened().timeouts(brief, brief, brief).build());
                RawClient client = new RawClient(impatient.port(), 16 << 10)) {

            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            await("the request is answered", () -> impatient.server.connections() == 1);

            await("the connection is closed", () -> impatient.server.connections() == 0);
        }
    }

    @Test
    void whoPipelinesWithoutReadingIsNotAnsweredOn() {
        AtomicInteger answered = new AtomicInteger();
        int requests = 2000;
        try (RunningServer server = new RunningServer((request, response) -> {
                    answered.incrementAndGet();
                    response.send(200, RunningServer.none(), new byte[64 << 10]);
                });
                RawClient client = new RawClient(server.port(), 16 << 10)) {

            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(requests));
            await("the first is answered", () -> answered.get() > 0);
            int beforeReading = answered.get();
            for (int i = 0; i < requests; i++) {
                assertThat(client.readAnswer().status()).isEqualTo(200);
            }

            assertThat(beforeReading).isLessThan(requests / 2);
            assertThat(answered).hasValue(requests);
        }
    }
}
