// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client that leaves ends its request upstream, where it would go on to cost money. Real sockets and real time: the time
 * from leaving until the provider knows is what is tested; the best of several tries counts, for machines that are busy.
 */
@Timeout(120)
class ClientLeavesTest {
    private static final int TRIES = 5;
    private static final long LIMIT_NANOS = Duration.ofMillis(100).toNanos();

    /** When a client leaves, and what its provider is doing then. */
    enum Moment {
        PLAIN("hang", false, false),
        PLAIN_IN_THE_MIDDLE("stall,after=3", false, false),
        BEFORE_FIRST_CONTENT("ttft=60000", true, false),
        AFTER_FIRST_CONTENT("rate=20,tokens=2000", true, true),
        IN_SILENCE("stall,after=3", true, true);

        final String behaviour;
        final boolean stream;
        final boolean content;

        Moment(String behaviour, boolean stream, boolean content) {
            this.behaviour = behaviour;
            this.stream = stream;
            this.content = content;
        }
    }

    /** A request under way; closing it is leaving. */
    private interface Leaver {
        void awaitContent() throws IOException;

        void leave() throws IOException;
    }

    static Stream<Arguments> cases() {
        return Stream.of(false, true).flatMap(http2 -> Stream.of(Moment.values())
                .flatMap(moment -> Stream.of(true, false).map(same -> Arguments.of(http2, moment, same))));
    }

    @ParameterizedTest(name = "HTTP/2 {0}, {1}, same dialect {2}")
    @MethodSource("cases")
    void whoeverLeavesEndsTheRequestUpstreamWithinAHundredMilliseconds(boolean http2, Moment moment, boolean same)
            throws Exception {
        String path = moment.ordinal() % 2 == 0 ? OPENAI : ANTHROPIC;
        String dialect = path.equals(OPENAI) == same ? "" : "a:";

        try (RunningGateway running = RunningGateway.of(dialect + moment.behaviour)) {
            long best = Long.MAX_VALUE;
            for (int i = 0; i < TRIES && best > LIMIT_NANOS; i++) {
                best = Math.min(best, leaving(running, http2, moment, path));
            }

            assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofNanos(LIMIT_NANOS));
            running.conserved();
            assertThat(running.records).allMatch(record -> record.outcome().equals("cancelled"));
        }
    }

    private static long leaving(RunningGateway running, boolean http2, Moment moment, String path) throws Exception {
        long before = running.simulator.stats().cancelled();
        String body = RunningGateway.chat(path, moment.stream);
        Leaver leaver = http2 ? new OverHttp2(running, path, body) : new OverHttp1(running, path, body);
        RunningGateway.await(
                "the provider has the request", () -> running.simulator.stats().open() == 1);
        if (moment.content) {
            leaver.awaitContent();
        }
        long start = System.nanoTime();
        leaver.leave();
        RunningGateway.await(
                "the provider knows", () -> running.simulator.stats().cancelled() == before + 1);
        long nanos = System.nanoTime() - start;
        RunningGateway.await("nothing is open", () -> running.simulator.stats().open() == 0);
        return nanos;
    }

    /** Reads until a piece of text has come. */
    private static void awaitContent(InputStream in) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf("\"content\":\"") < 0 && seen.indexOf("text_delta") < 0) {
            int next = in.read();
            assertThat(next).as(seen.toString()).isGreaterThanOrEqualTo(0);
            seen.append((char) next);
        }
    }

    private static final class OverHttp1 implements Leaver {
        private final Socket socket;

        OverHttp1(RunningGateway running, String path, String body) throws IOException {
            socket = new Socket(
                    InetAddress.getLoopbackAddress(), running.gateway.uri().getPort());
            String head = "POST " + path
                    + " HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: "
                    + body.length() + "\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void awaitContent() throws IOException {
            ClientLeavesTest.awaitContent(socket.getInputStream());
        }

        @Override
        public void leave() throws IOException {
            socket.close();
        }
    }

    /** One stream is reset; its connection stays. */
    private static final class OverHttp2 implements Leaver {
        private final HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        private final CompletableFuture<HttpResponse<InputStream>> response;

        OverHttp2(RunningGateway running, String path, String body) throws IOException, InterruptedException {
            // The first request of a connection asks for HTTP/2; a call that is under way then could not tell which it
            // got.
            HttpResponse<Void> first = client.send(
                    java.net.http.HttpRequest.newBuilder(running.uri("/v1/models"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
            response = client.sendAsync(running.request(path, body).build(), HttpResponse.BodyHandlers.ofInputStream());
        }

        @Override
        public void awaitContent() throws IOException {
            ClientLeavesTest.awaitContent(response.join().body());
        }

        @Override
        public void leave() throws IOException {
            if (response.isDone()) {
                response.join().body().close();
            } else {
                response.cancel(true);
            }
        }
    }
}
