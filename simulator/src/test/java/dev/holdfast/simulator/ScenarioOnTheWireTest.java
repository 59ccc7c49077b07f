// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.Wire.Speech;
import dev.holdfast.simulator.internal.wire.Json;
import dev.holdfast.simulator.scenario.Scenario;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scenarios at work behind real requests; their arithmetic is tested under a held clock elsewhere. */
@Timeout(120)
class ScenarioOnTheWireTest {
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

    private HttpResponse<String> put(String scenario) throws Exception {
        HttpRequest request = wire.request("/__sim/scenario")
                .PUT(HttpRequest.BodyPublishers.ofString(scenario))
                .build();
        return wire.http.send(request, BodyHandlers.ofString());
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void anOutageAnswersInTheDialectUntilTheScenarioIsTakenAway(Speech speech) throws Exception {
        assertThat(put("outages: [{ to: 1h, behaviour: '503,retry-after=3' }]").statusCode())
                .isEqualTo(200);

        HttpResponse<String> refused = wire.plain(speech, "ok");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("3");
        assertThat(speech.errorType(Json.read(refused.body()))).isNotEmpty();

        put("{}");
        assertThat(wire.plain(speech, "ok").statusCode()).isEqualTo(200);
    }

    @Test
    void aWrongScenarioIsRefusedWithLineAndKeyAndTheOldOneRunsOn() throws Exception {
        put("{\"outages\": [{\"to\": \"1h\"}]}");
        HttpResponse<String> answer = put("seed: 1\ncapacty: 5");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Json.read(answer.body()).at("/problems/0/line").asInt()).isEqualTo(2);
        assertThat(Json.read(answer.body()).at("/problems/0/key").asString()).isEqualTo("capacty");
        assertThat(wire.plain(Speech.OPENAI, "ok").statusCode()).isEqualTo(503);
    }

    @Test
    void whatWaitsForAPlaceIsOpenAndIsServedWhenOthersLeave() throws Exception {
        wire.simulator.scenario(Scenario.parse("concurrency: 2\nlatency: 50ms"));
        HttpRequest request = wire.request(Speech.OPENAI.path)
                .POST(HttpRequest.BodyPublishers.ofString(Speech.OPENAI.body("ok", true)))
                .build();
        long before = System.nanoTime();

        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(wire.http.sendAsync(request, BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(Speech.OPENAI.endsWell(answer.get().body())).isTrue();
        }

        assertThat(System.nanoTime() - before).isGreaterThan(5 * 45_000_000L);
    }

    @Test
    void whoLeavesTheQueueMakesRoom() throws Exception {
        wire.simulator.scenario(Scenario.parse("concurrency: { limit: 1, queue: 1 }"));
        try (Socket serving = wire.socket()) {
            Wire.write(serving, Wire.raw(Speech.OPENAI.path, Speech.OPENAI.body("stall", true)));
            Wire.eventually(() -> wire.simulator.stats().byStatus().containsKey(200));
            try (Socket waiting = wire.socket()) {
                Wire.write(waiting, Wire.raw(Speech.OPENAI.path, Speech.OPENAI.body("ok", true)));
                Wire.eventually(() -> wire.simulator.stats().open() == 2);
                assertThat(wire.plain(Speech.OPENAI, "ok").statusCode()).isEqualTo(503);
            }
            Wire.eventually(() -> wire.simulator.stats().open() == 1);
        }
        assertThat(wire.plain(Speech.OPENAI, "ok").statusCode()).isEqualTo(200);
        assertThat(wire.simulator.stats().cancelled()).isEqualTo(2);
    }

    @Test
    void resetStartsTheScenarioFromItsBeginningWithTheSameLuck() throws Exception {
        wire.simulator.scenario(Scenario.parse("seed: 4\nerrors: [{ share: 0.5, behaviour: 500 }]"));
        int[] first = IntStream.range(0, 30).map(i -> status()).toArray();
        wire.simulator.reset();
        int[] second = IntStream.range(0, 30).map(i -> status()).toArray();

        assertThat(second).isEqualTo(first);
        assertThat(first).contains(200, 500);
    }

    private int status() {
        try {
            return wire.plain(Speech.OPENAI, "ok").statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
