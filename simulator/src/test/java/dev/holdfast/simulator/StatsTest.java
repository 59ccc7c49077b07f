// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.Wire.Speech;
import dev.holdfast.simulator.internal.wire.Json;
import dev.holdfast.simulator.stats.SimulatorStats;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class StatsTest {
    private Wire wire;

    @BeforeEach
    void start() {
        wire = new Wire();
    }

    @AfterEach
    void stopsWithNothingOpen() {
        Wire.eventually(() -> wire.simulator.stats().open() == 0);
        wire.close();
    }

    @Test
    void theCountsHaveTheKeysOfTheContract() throws Exception {
        wire.post(Speech.OPENAI.path, Speech.OPENAI.body("sim/fail=1", false), "x-sim-call", "a");
        wire.post(Speech.OPENAI.path, Speech.OPENAI.body("sim/fail=1", false), "x-sim-call", "a");
        wire.post(
                Speech.ANTHROPIC.path,
                Speech.ANTHROPIC.body("ok", false),
                "x-holdfast-call-id",
                "b",
                "x-sim-call",
                "c");
        wire.post(Speech.OPENAI.path, Speech.OPENAI.body("ok", false), "x-holdfast-call-id", "b");
        wire.plain(Speech.OPENAI, "flood");

        JsonNode stats = wire.stats();
        assertThat(stats.path("requests").asInt()).isEqualTo(5);
        assertThat(stats.path("by_status")).isEqualTo(Json.read("{\"200\":3,\"400\":1,\"503\":1}"));
        assertThat(stats.path("by_model")).isEqualTo(Json.read("{\"flood\":1,\"ok\":2,\"sim/fail=1\":2}"));
        assertThat(stats.path("attempts_per_call").path("a").asInt()).isEqualTo(2);
        assertThat(stats.path("attempts_per_call").path("b").asInt()).isEqualTo(1);
        assertThat(stats.path("attempts_per_call").path("c").asInt()).isEqualTo(1);
        assertThat(stats.path("attempts_per_call").size()).isEqualTo(4);
        assertThat(stats.path("cancelled").asInt()).isZero();
        assertThat(stats.path("open").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tokensBilledIsWhatUsageSaid(boolean stream) throws Exception {
        String more = stream ? ",\"stream_options\":{\"include_usage\":true}" : "";
        String body = Speech.OPENAI.body("tokens=13", stream, more);
        HttpResponse<String> answer = wire.post(Speech.OPENAI.path, body);
        List<JsonNode> parts = stream ? Wire.events(answer.body()) : List.of(Json.read(answer.body()));

        int total = parts.get(parts.size() - 1).at("/usage/total_tokens").asInt();
        assertThat(total).isGreaterThan(13);
        assertThat(wire.stats().path("tokens_billed").asInt()).isEqualTo(total);
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void aStreamIsBilledLikeThePlainAnswer(Speech speech) throws Exception {
        wire.plain(speech, "tokens=13");
        long plain = wire.simulator.stats().tokensBilled();
        wire.stream(speech, "tokens=13");

        assertThat(wire.simulator.stats().tokensBilled()).isEqualTo(2 * plain);
    }

    @Test
    void aClientThatLeavesIsNoticedAtOnceAndItsWorkEnds() throws Exception {
        for (String model : new String[] {"hang", "stall", "ttft=60000", "slow-headers=60000", "tokens=50,rate=1"}) {
            try (Socket socket = wire.socket()) {
                Wire.write(socket, Wire.raw(Speech.OPENAI.path, Speech.OPENAI.body(model, true)));
                Wire.eventually(() -> wire.simulator.stats().open() == 1);
            }
            Wire.eventually(() -> wire.simulator.stats().open() == 0);
        }

        SimulatorStats stats = wire.simulator.stats();
        assertThat(stats.cancelled()).isEqualTo(5);
        assertThat(stats.noStatus()).isEqualTo(2);
        assertThat(stats.byStatus()).isEqualTo(Map.of(200, 3L));
    }

    @Test
    void aConnectionThatTheServerBreaksIsNotCancelledByItsClient() throws Exception {
        long requests = 0;
        for (String model : new String[] {"cut", "reset", "refuse", "reset,after=1"}) {
            try (Socket socket = wire.socket()) {
                Wire.write(socket, Wire.raw(Speech.OPENAI.path, Speech.OPENAI.body(model, true)));
                long sent = ++requests;
                Wire.eventually(() -> wire.simulator.stats().requests() == sent);
                Wire.eventually(() -> wire.simulator.stats().open() == 0);
            }
        }

        assertThat(wire.simulator.stats().cancelled()).isZero();
    }

    @Test
    void resetStartsCountsAndFirstFailuresAgainAndKeepsWhatIsOpen() throws Exception {
        wire.plain(Speech.OPENAI, "fail=1");
        try (Socket socket = wire.socket()) {
            Wire.write(socket, Wire.raw(Speech.OPENAI.path, Speech.OPENAI.body("hang", false)));
            Wire.eventually(() -> wire.simulator.stats().open() == 1);

            HttpResponse<String> reset = wire.post("/__sim/reset", "");

            assertThat(reset.statusCode()).isEqualTo(200);
            assertThat(wire.stats().path("requests").asInt()).isZero();
            assertThat(wire.stats().path("open").asInt()).isEqualTo(1);
            assertThat(wire.plain(Speech.OPENAI, "fail=1").statusCode()).isEqualTo(503);
        }
        Wire.eventually(() -> wire.simulator.stats().open() == 0);
        assertThat(wire.simulator.stats().cancelled()).isZero();
    }

    @Test
    void aReaderThatDoesNotReadHoldsTheStreamBack() throws Exception {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(8 << 10);
            socket.connect(new java.net.InetSocketAddress("127.0.0.1", wire.simulator.port()));
            Wire.write(socket, Wire.raw(Speech.OPENAI.path, Speech.OPENAI.body("tokens=100000", true)));
            Wire.eventually(() -> wire.simulator.stats().tokensBilled() > 0);
            long billed;
            long later = wire.simulator.stats().tokensBilled();
            do {
                billed = later;
                java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
                later = wire.simulator.stats().tokensBilled();
            } while (later != billed);

            assertThat(billed).isLessThan(60_000);
            assertThat(wire.simulator.stats().open()).isEqualTo(1);

            socket.setSoTimeout(20_000);
            Wire.readUntilTail(socket, "data: [DONE]\n\n\r\n0\r\n\r\n");
            assertThat(wire.simulator.stats().tokensBilled()).isGreaterThan(100_000);
        }
    }

    @Test
    void twoThousandStreamsAreServedAtATimeAndEachDepartureIsNoticed() throws Exception {
        int streams = 2000;
        String request = Wire.raw(Speech.ANTHROPIC.path, Speech.ANTHROPIC.body("stall,after=2", true));
        String secondWord = "\"text\":\" " + Simulator.textOf("stall,after=2").split(" ")[1] + "\"}}\n\n\r\n";
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < streams; i++) {
                sockets.add(wire.socket());
                Wire.write(sockets.get(i), request);
            }
            for (Socket socket : sockets) {
                Wire.readUntilTail(socket, secondWord);
            }
            assertThat(wire.simulator.stats().open()).isEqualTo(streams);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }

        Wire.eventually(() -> wire.simulator.stats().open() == 0);
        assertThat(wire.simulator.stats().byStatus()).isEqualTo(Map.of(200, (long) streams));
        assertThat(wire.simulator.stats().cancelled()).isEqualTo(streams);
    }

    @Test
    void everyRequestEndsInExactlyOneCount() throws Exception {
        String[] models = {"ok", "500", "cut", "refuse", "empty", "error-first", "tokens=40,rate=200", "stall=20"};
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Speech speech = Speech.values()[i % 2];
            HttpRequest request = wire.request(speech.path)
                    .POST(HttpRequest.BodyPublishers.ofString(speech.body(models[i % models.length], i % 3 > 0)))
                    .build();
            CompletableFuture<HttpResponse<Void>> answer = wire.http.sendAsync(request, BodyHandlers.discarding());
            answers.add(answer.exceptionally(broken -> null));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get();
        Wire.eventually(() -> wire.simulator.stats().open() == 0);

        SimulatorStats stats = wire.simulator.stats();
        assertThat(stats.requests()).isGreaterThanOrEqualTo(400);
        assertThat(stats.byStatus().values().stream().mapToLong(n -> n).sum() + stats.noStatus())
                .isEqualTo(stats.requests());
        assertThat(stats.byModel().values().stream().mapToLong(n -> n).sum()).isEqualTo(stats.requests());
        assertThat(stats.attemptsPerCall()).hasSize((int) stats.requests());
    }
}
