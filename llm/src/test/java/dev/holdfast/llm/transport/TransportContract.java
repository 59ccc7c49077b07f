// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import static dev.holdfast.llm.transport.TransportFixture.STREAM_HEAD;
import static dev.holdfast.llm.transport.TransportFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every transport owes: real sockets on loopback, because what a connection really does is what this is about. */
@Timeout(120)
public interface TransportContract {
    /** Open for each test, and closed after it. */
    TransportFixture fixture();

    @Test
    default void anAnswerArrivesInOrder() throws Exception {
        Recorder recorder = new Recorder();
        CompletableFuture<String> received = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            received.complete(connection.readRequest());
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-A: 1\r\nx-a: 2\r\n"
                    + "Content-Length: 2\r\n\r\n{}");
        })) {
            Exchange exchange = fixture().transport.send(request(server.uri("/v1/x"), "{\"a\":1}"), recorder);
            exchange.request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(recorder.text()).isEqualTo("{}");
            assertThat(recorder.signals).containsExactly("connected", "sent", "head 200", "bytes", "end");
            assertThat(recorder.head.join().headers().get("X-a")).containsExactly("1", "2");
            assertThat(received.join())
                    .startsWith("POST /v1/x HTTP/1.1\r\n")
                    .endsWith("{\"a\":1}")
                    .doesNotContainIgnoringCase("upgrade");
        }
    }

    @Test
    default void aConnectionIsUsedAgain() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            for (int i = 0; i < 2; i++) {
                connection.readRequest();
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            }
        })) {
            for (int i = 0; i < 2; i++) {
                Recorder each = new Recorder();
                fixture().post(server.uri("/"), each).request(Long.MAX_VALUE);
                assertThat(each.failure()).isNull();
            }

            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    default void anAnswerWithoutABodyEndsWithoutDemand() throws Exception {
        Recorder recorder = new Recorder();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 204 No Content\r\n\r\n");
        })) {
            fixture().post(server.uri("/"), recorder);

            assertThat(recorder.failure()).isNull();
            assertThat(recorder.signals).endsWith("head 204", "end");
        }
    }

    @Test
    default void redirectsAreAnswersLikeOthers() throws Exception {
        Recorder recorder = new Recorder();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 307 Temporary Redirect\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n");
        })) {
            fixture().post(server.uri("/"), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(recorder.head.join().status()).isEqualTo(307);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    default void nothingIsDeliveredWithoutDemandAndTheSenderIsHeldBack() throws Exception {
        Recorder recorder = new Recorder();
        AtomicLong written = new AtomicLong();
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
            byte[] block = new byte[64 << 10];
            try {
                while (written.get() < 100_000_000) {
                    connection.write(block);
                    written.addAndGet(block.length);
                }
            } finally {
                seen.complete("closed");
            }
        })) {
            Exchange exchange = fixture().post(server.uri("/"), recorder);
            recorder.head.get(30, TimeUnit.SECONDS);
            exchange.request(3);
            long settled = -1;
            while (settled != written.get()) { // until the server is blocked; real time, because only buffers decide
                settled = written.get();
                assertThat(seen).failsWithin(java.time.Duration.ofMillis(300));
            }

            assertThat(recorder.signals.stream().filter("bytes"::equals)).hasSize(3);
            assertThat(settled).isLessThan(30_000_000);

            exchange.cancel();
            assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo("closed");
            assertThat(recorder.signals).doesNotContain("end", "failure");
        }
    }

    @Test
    default void cancellingBeforeTheHeadClosesTheConnectionAtOnce() throws Exception {
        Recorder recorder = new Recorder();
        CompletableFuture<String> seen = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            asked.countDown();
            connection.awaitClose(seen);
        })) {
            Exchange exchange = fixture().post(server.uri("/"), recorder);
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            recorder.sent.get(30, TimeUnit.SECONDS); // the server may have read all before this side is told
            exchange.cancel();

            assertThat(seen.get(2, TimeUnit.SECONDS)).isIn("closed", "reset");
            assertThat(recorder.signals).containsExactly("connected", "sent");
        }
    }

    @Test
    default void cancellingAfterTheHeadClosesTheConnectionAtOnce() throws Exception {
        Recorder recorder = new Recorder();
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(STREAM_HEAD);
            connection.awaitClose(seen);
        })) {
            Exchange exchange = fixture().post(server.uri("/"), recorder);
            recorder.head.get(30, TimeUnit.SECONDS);
            exchange.cancel();

            assertThat(seen.get(2, TimeUnit.SECONDS)).isIn("closed", "reset");
            assertThat(recorder.signals).containsExactly("connected", "sent", "head 200");
        }
    }

    @Test
    default void cancellingInTheBodyClosesTheConnectionAtOnce() throws Exception {
        Recorder recorder = new Recorder();
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(STREAM_HEAD);
            connection.chunk("data: a\n\n");
            connection.awaitClose(seen);
        })) {
            Exchange exchange = fixture().post(server.uri("/"), recorder);
            exchange.request(Long.MAX_VALUE);
            recorder.firstBytes.get(30, TimeUnit.SECONDS);
            exchange.cancel();

            assertThat(seen.get(2, TimeUnit.SECONDS)).isIn("closed", "reset");
            assertThat(recorder.signals).endsWith("bytes");
        }
    }

    @Test
    default void cancellingFromASignalIsTheLastThing() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        CompletableFuture<Exchange> self = new CompletableFuture<>();
        AtomicLong pieces = new AtomicLong();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(STREAM_HEAD);
            connection.chunk("data: a\n\n");
            connection.chunk("data: b\n\n");
            connection.awaitClose(seen);
        })) {
            Exchange exchange = fixture().transport.send(request(server.uri("/"), "{}"), new TransportListener() {
                @Override
                public void onHead(ResponseHead head) {}

                @Override
                public void onBytes(ByteBuffer bytes) {
                    pieces.incrementAndGet();
                    self.join().cancel();
                }

                @Override
                public void onEnd() {
                    pieces.addAndGet(100);
                }

                @Override
                public void onFailure(Throwable error) {
                    pieces.addAndGet(1000);
                }
            });
            self.complete(exchange);
            exchange.request(Long.MAX_VALUE);

            assertThat(seen.get(30, TimeUnit.SECONDS)).isIn("closed", "reset");
            assertThat(pieces).hasValue(1);
        }
    }

    @Test
    default void cancellingALargeUploadClosesTheConnectionAtOnce() throws Exception {
        Recorder recorder = new Recorder();
        CompletableFuture<String> seen = new CompletableFuture<>();
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        try (RawServer server = RawServer.start(connection -> {
            connected.countDown();
            try {
                cancelled.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.awaitClose(seen);
        })) {
            Exchange exchange = fixture().transport.send(request(server.uri("/"), new byte[50 << 20]), recorder);
            assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();
            exchange.cancel();
            cancelled.countDown();

            assertThat(seen.get(30, TimeUnit.SECONDS)).isIn("closed", "reset");
            assertThat(recorder.signals).doesNotContain("sent");
        }
    }

    @Test
    default void closingTheTransportCancelsWhatRunsAndRefusesWhatComes() throws Exception {
        Recorder recorder = new Recorder();
        CompletableFuture<String> seen = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            asked.countDown();
            connection.awaitClose(seen);
        })) {
            fixture().post(server.uri("/"), recorder);
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            fixture().transport.close();

            assertThat(seen.get(2, TimeUnit.SECONDS)).isIn("closed", "reset");
            assertThatThrownBy(() -> fixture().post(URI.create("http://127.0.0.1:9/"), new Recorder()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    default void aListenerThatThrowsEndsTheExchangeAndHearsItsOwnError() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        CompletableFuture<Throwable> heard = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(STREAM_HEAD);
            connection.awaitClose(seen);
        })) {
            fixture().transport.send(request(server.uri("/"), "{}"), new TransportListener() {
                @Override
                public void onHead(ResponseHead head) {
                    throw new IllegalArgumentException("no");
                }

                @Override
                public void onBytes(ByteBuffer bytes) {}

                @Override
                public void onEnd() {}

                @Override
                public void onFailure(Throwable error) {
                    heard.complete(error);
                }
            });

            assertThat(heard.get(30, TimeUnit.SECONDS)).hasMessage("no");
            assertThat(seen.get(30, TimeUnit.SECONDS)).isIn("closed", "reset");
        }
    }
}
