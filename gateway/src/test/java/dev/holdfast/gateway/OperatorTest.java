// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.internal.observe.Exposition;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator sees and does, over real sockets with real engines; so time is real too. */
@Timeout(60)
class OperatorTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String KEY = "the-admin-key-1";

    @TempDir
    Path folder;

    private static String yaml(String... behaviours) {
        return "admin_key: " + KEY + "\n"
                + RunningGateway.yaml("{ max_attempts: 3, backoff: { initial: 1ms, max: 10ms } }", behaviours);
    }

    private static HttpResponse<String> get(RunningGateway running, String path) throws Exception {
        return running.client.send(
                HttpRequest.newBuilder(running.uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> admin(RunningGateway running, String path) throws Exception {
        return running.client.send(
                running.request(path, "")
                        .header("authorization", "Bearer " + KEY)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static double value(RunningGateway running, String name, Map<String, String> labels) throws Exception {
        return Exposition.parse(get(running, "/metrics").body(), false).values().stream()
                .flatMap(family -> family.samples.stream())
                .filter(sample -> sample.name().equals(name) && sample.labels().equals(labels))
                .mapToDouble(Exposition.Sample::value)
                .sum();
    }

    @Test
    void callsAreInTheScrapeTheStateAndTheLog() throws Exception {
        Path file = folder.resolve("access.log");
        String yaml = yaml("503", "tokens=5") + "access_log: { file: \"" + file + "\" }\n";
        try (RunningGateway running = RunningGateway.start(yaml)) {
            assertThat(running.post(OPENAI, RunningGateway.chat(OPENAI, false)).statusCode())
                    .isEqualTo(200);
            assertThat(running.post(OPENAI, RunningGateway.chat(OPENAI, true)).statusCode())
                    .isEqualTo(200);
            RunningGateway.await("both records", () -> running.records.size() == 2);

            assertThat(value(running, "holdfast_calls_total", Map.of("model", "m", "outcome", "success")))
                    .isEqualTo(2);
            assertThat(value(running, "holdfast_failovers_total", Map.of("from", "t0", "to", "t1")))
                    .isEqualTo(2);
            assertThat(value(running, "holdfast_first_content_seconds_count", Map.of("target", "t1")))
                    .isEqualTo(1);
            // The stream was not asked for its usage, which is the client's choice.
            assertThat(value(running, "holdfast_tokens_total", Map.of("target", "t1", "direction", "output")))
                    .isEqualTo(5);
            JsonNode state = JSON.readTree(get(running, "/api/state").body());
            assertThat(state.get("calls").size()).isEqualTo(2);
            assertThat(state.get("calls")
                            .get(0)
                            .get("attempts")
                            .get(0)
                            .get("status")
                            .asInt())
                    .isEqualTo(503);
            assertThat(state.get("targets").get(1).get("calls").asInt()).isEqualTo(2);
            keep(get(running, "/metrics").body());
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        JsonNode line = JSON.readTree(lines.get(0));
        assertThat(line.get("target").asString()).isEqualTo("t1");
        assertThat(line.get("client").asString()).isEqualTo("anonymous");
        assertThat(lines.toString()).doesNotContain("Say hello").doesNotContain(KEY);
    }

    /** For other judges of the format: {@code -Dholdfast.scrape=FILE}. */
    private static void keep(String scrape) throws IOException {
        String file = System.getProperty("holdfast.scrape");
        if (file != null) {
            Files.writeString(Path.of(file), scrape);
        }
    }

    /** Reads events up to the one of this name and kind. */
    private static List<String> until(Iterator<String> lines, String event, String part) {
        List<String> names = new ArrayList<>();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith("event: ")) {
                names.add(line.substring("event: ".length()));
            } else if (line.startsWith("data: ")) {
                JSON.readTree(line.substring("data: ".length()));
                if (names.get(names.size() - 1).equals(event) && line.contains(part)) {
                    return names;
                }
            }
        }
        throw new AssertionError("the stream ended after " + names);
    }

    @Test
    void whoWatchesSeesCallsCircuitsAndTicks() throws Exception {
        try (RunningGateway running = RunningGateway.start(yaml("tokens=5"))) {
            HttpResponse<Stream<String>> events = running.client.send(
                    HttpRequest.newBuilder(running.uri("/api/events")).build(), HttpResponse.BodyHandlers.ofLines());
            Iterator<String> lines = events.body().iterator();

            assertThat(until(lines, "state", "\"targets\"")).containsExactly("state");
            running.post(OPENAI, RunningGateway.chat(OPENAI, false));
            assertThat(until(lines, "call", "\"success\"")).contains("call");
            assertThat(admin(running, "/admin/targets/t0/open").statusCode()).isEqualTo(200);
            assertThat(until(lines, "target", "\"opened\"")).contains("target");
            assertThat(until(lines, "tick", "\"delta\"")).contains("tick");
            JsonNode history = JSON.readTree(get(running, "/api/history").body());
            assertThat(history.get("targets").get(0).get("calls").toString()).contains("1");

            HttpResponse<String> refused = running.post(OPENAI, RunningGateway.chat(OPENAI, false));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(until(lines, "call", "\"refused\"")).contains("call");
            assertThat(get(running, "/health/ready").body()).contains("circuit_open");
            running.gateway.close();
            lines.forEachRemaining(rest -> {});
        }
    }

    @Test
    void reloadByTheAdminTellsWhatChangedOrWhatIsWrong() throws Exception {
        try (RunningGateway running = RunningGateway.start(yaml("tokens=5"))) {
            running.rewrite(yaml("tokens=5", "tokens=6"));
            HttpResponse<String> good = admin(running, "/admin/reload");
            running.rewrite(yaml("tokens=5") + "nonsense: 1\n");
            HttpResponse<String> bad = admin(running, "/admin/reload");

            assertThat(good.statusCode()).isEqualTo(200);
            assertThat(good.body()).contains("\"added\":[\"t1\"]");
            assertThat(bad.statusCode()).isEqualTo(422);
            assertThat(JSON.readTree(bad.body())
                            .get("error")
                            .get("problems")
                            .get(0)
                            .get("key")
                            .asString())
                    .isEqualTo("nonsense");
            assertThat(running.post(OPENAI, RunningGateway.chat(OPENAI, false)).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void adminIsAskedForTheKeyAndForJson() throws Exception {
        try (RunningGateway running = RunningGateway.start(yaml("tokens=5"));
                RunningGateway keyless = RunningGateway.of("tokens=5")) {
            HttpRequest.Builder plain = HttpRequest.newBuilder(running.uri("/admin/targets/t0/open"))
                    .header("authorization", "Bearer " + KEY)
                    .POST(HttpRequest.BodyPublishers.noBody());

            assertThat(running.post("/admin/targets/t0/open", "").statusCode()).isEqualTo(401);
            assertThat(keyless.post("/admin/targets/t0/open", "").statusCode()).isEqualTo(403);
            assertThat(running.client
                            .send(plain.build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(415);
            assertThat(admin(running, "/admin/targets/nobody/open").statusCode())
                    .isEqualTo(404);
            HttpResponse<String> drained = admin(running, "/admin/targets/t0/drain");
            assertThat(drained.statusCode()).isEqualTo(200);
            assertThat(drained.body()).startsWith("{\"target\":\"t0\",\"state\":\"drained\"");
            assertThat(running.post(OPENAI, RunningGateway.chat(OPENAI, false)).statusCode())
                    .isEqualTo(503);
            admin(running, "/admin/targets/t0/enable");
            assertThat(running.post(OPENAI, RunningGateway.chat(OPENAI, false)).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void drainingGatewayIsNotReadyAndSaysSo() throws Exception {
        try (RunningGateway running = RunningGateway.start(yaml("tokens=5"))) {
            assertThat(get(running, "/health/ready").statusCode()).isEqualTo(200);

            assertThat(admin(running, "/admin/drain").statusCode()).isEqualTo(200);

            assertThat(get(running, "/health/ready").statusCode()).isEqualTo(503);
            assertThat(get(running, "/health/ready").body()).contains("\"status\":\"draining\"");
            assertThat(get(running, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(running, "/api/state").body()).contains("\"draining\":true");
        }
    }

    @Test
    void callsAreInARecordingOfTheProcess() throws Exception {
        Path file = folder.resolve("recording.jfr");
        try (RunningGateway running = RunningGateway.start(yaml("503", "tokens=5"));
                Recording recording = new Recording()) {
            recording.start();
            running.post(OPENAI, RunningGateway.chat(OPENAI, false));
            for (var engine : running.gateway.live().engines()) {
                engine.eventsDelivered().get();
            }
            recording.stop();
            recording.dump(file);
        }

        assertThat(RecordingFile.readAllEvents(file))
                .filteredOn(event -> event.getEventType().getName().equals("dev.holdfast.Attempt"))
                .extracting(event -> event.getString("target") + " " + event.getString("outcome"))
                // a recording is written by thread
                .containsExactlyInAnyOrder("t0 failure", "t1 success");
    }

    @Test
    void slowPageDoesNotHoldTheOthersUp() throws Exception {
        try (RunningGateway running = RunningGateway.start(yaml("tokens=5"))) {
            HttpRequest watch = HttpRequest.newBuilder(running.uri("/api/events"))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            HttpResponse<InputStream> unread = running.client.send(watch, HttpResponse.BodyHandlers.ofInputStream());
            Iterator<String> lines = running.client
                    .send(watch, HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .iterator();
            until(lines, "state", "");

            for (int i = 0; i < 3; i++) {
                until(lines, "tick", "");
            }

            unread.body().close();
            running.gateway.close();
        }
    }
}
