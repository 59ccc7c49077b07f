// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static dev.holdfast.gateway.internal.http.RunningServer.none;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random pieces of requests, whole and broken, in random splits, over real sockets: the server answers or closes, holds nothing
 * afterwards, and goes on for others.
 */
@Timeout(120)
class RandomBytesTest {
    private static final long SEED = 0x5eed;

    private static final List<String> PARTS = List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde",
            "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n",
            "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /cut HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /fail HTTP/1.0\r\n\r\n",
            "5\r\nabcde\r\n",
            "0\r\n\r\n",
            "Content-Length: 7\r\n",
            "\r\n",
            "\n",
            "\0",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            frame(4, 0, 0, ""),
            frame(4, 1, 0, ""),
            frame(6, 0, 0, "12345678"),
            frame(8, 0, 0, "\0\0\1\0"),
            frame(3, 0, 1, "\0\0\0\10"),
            frame(0, 1, 1, "body"),
            frame(0, 0, 3, "body"),
            frame(9, 4, 1, ""),
            frame(7, 0, 0, "\0\0\0\0\0\0\0\0"),
            head(1, 5, "GET", "/"),
            head(1, 4, "POST", "/a"),
            head(3, 5, "GET", "/stream"),
            head(5, 5, "GET", "/cut"),
            head(7, 5, "GET", "/%zz"),
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n\r\n");

    private static String frame(int type, int flags, int stream, String payload) {
        return new String(RawHttp2Client.frame(type, flags, stream, payload.getBytes(ISO_8859_1)), ISO_8859_1);
    }

    private static String head(int stream, int flags, String method, String path) {
        byte[] fields = RawHttp2Client.fields(":method", method, ":scheme", "http", ":authority", "x", ":path", path);
        return frame(RawHttp2Client.HEADERS, flags, stream, new String(fields, ISO_8859_1));
    }

    private static byte[] piece(SplittableRandom random) {
        int kind = random.nextInt(20);
        if (kind == 0) {
            byte[] noise = new byte[random.nextInt(1, 64)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] part = PARTS.get(random.nextInt(PARTS.size())).getBytes(ISO_8859_1);
        if (kind == 1) {
            part[random.nextInt(part.length)] = (byte) random.nextInt(256);
        }
        return kind == 2 ? Arrays.copyOf(part, random.nextInt(part.length + 1)) : part;
    }

    private static void handle(Request request, Response response) {
        response.onGone(() -> {});
        switch (request.path()) {
            case "/stream" -> {
                response.begin(200, none());
                response.write(ByteBuffer.allocate(20_000));
                response.end();
            }
            case "/cut" -> {
                response.begin(200, none());
                response.write(ByteBuffer.allocate(100));
                response.abort();
            }
            case "/fail" -> throw new IllegalStateException();
            default -> RunningServer.echo(request, response);
        }
    }

    @Test
    void anyBytesAreAnsweredOrClosedAndNothingIsLeft() {
        Duration brief = Duration.ofMillis(500);
        try (LeakWatch leaks = new LeakWatch();
                RunningServer running = new RunningServer(
                        RandomBytesTest::handle,
                        TestLimits.tightened().timeouts(brief, brief, brief).build())) {

            for (String start : List.of("", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, ""))) {
                play(running, start);
            }

            running.assertAllReturned();
            assertThat(running.server.bodyBudget().heldBytes()).isZero();
            leaks.assertNone();
        }
    }

    private static void play(RunningServer running, String start) {
        RandomRuns.play(SEED, 200, 8, RandomBytesTest::piece, pieces -> {
            try (RawClient client = running.client()) {
                client.send(start);
                SplittableRandom random = new SplittableRandom(pieces.size());
                for (byte[] chunk : splits(pieces, random)) {
                    client.trySend(chunk);
                }
                client.tryEndSending();
                client.readAll();
            }
            running.assertAllReturned();
            try (RawClient other = running.client()) {
                assertThat(other.send(PARTS.get(0)).readAnswer().body()).isEqualTo("GET / ");
            }
        });
    }

    private static List<byte[]> splits(List<byte[]> pieces, SplittableRandom random) {
        ByteBuffer all = ByteBuffer.allocate(
                pieces.stream().mapToInt(piece -> piece.length).sum());
        pieces.forEach(all::put);
        List<byte[]> chunks = new ArrayList<>();
        all.flip();
        while (all.hasRemaining()) {
            byte[] chunk = new byte[Math.min(all.remaining(), random.nextBoolean() ? random.nextInt(1, 8) : 4096)];
            all.get(chunk);
            chunks.add(chunk);
        }
        return chunks;
    }

    @Test
    void watchSeesALeak() {
        try (LeakWatch leaks = new LeakWatch()) {
            for (int i = 0; i < 100; i++) {
                ByteBufAllocator.DEFAULT.buffer(100);
            }

            RunningServer.await("a leak is told", () -> {
                System.gc();
                ByteBufAllocator.DEFAULT.buffer(1).release();
                return !leaks.leaks().isEmpty();
            });
        }
    }
}
