// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as a process: what it prints, its signals, its exit codes. Real processes, so real time. */
@Timeout(180)
class ServeCommandTest {
    private static final Pattern ADDRESS = Pattern.compile("dashboard +(http://[0-9.]+:[0-9]+)/");

    @TempDir
    Path temp;

    private final List<Process> started = new ArrayList<>();
    private final Map<Process, Path> files = new HashMap<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void withoutAnythingItServesTheSimulatorAndPrintsACurlLineThatWorks() throws Exception {
        Serving serving = serve(Map.of(), "--port", "0");

        HttpResponse<String> answer = serving.post(
                "/v1/chat/completions",
                "{\"model\":\"default\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

        assertThat(serving.said)
                .anySatisfy(line -> assertThat(line).contains("curl -s " + serving.uri + "/v1/chat/completions"));
        assertThat(serving.said).anySatisfy(line -> assertThat(line).contains("\"model\":\"default\""));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"finish_reason\":\"stop\"");
        assertThat(serving.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(serving.get("/").body()).contains("<html");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "signals of POSIX")
    void termEndsItInOrderWithZeroAndAnInterruptWith130() throws Exception {
        Serving first = serve(Map.of(), "--port", "0");
        Serving second = serve(Map.of(), "--port", "0");

        signal(first, "TERM");
        signal(second, "INT");

        assertThat(first.ended()).isZero();
        assertThat(second.ended()).isEqualTo(130);
        assertThat(first.complaints()).contains("stopping");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "signals of POSIX")
    void hangUpReadsTheConfigurationAgainAndABadOneLeavesTheOldOneRunning() throws Exception {
        Path config = config("first");
        Serving serving = serve(Map.of(), "--port", "0", "--config", config.toString());
        assertThat(serving.get("/v1/models").body()).contains("\"first\"");

        Files.writeString(config, Files.readString(config).replace("first:", "second:"));
        signal(serving, "HUP");
        serving.awaitComplaint("read again");
        assertThat(serving.get("/v1/models").body()).contains("\"second\"").doesNotContain("\"first\"");

        Files.writeString(config, "modells: {}\n");
        signal(serving, "HUP");
        serving.awaitComplaint("the old one goes on");
        assertThat(serving.complaints()).contains(config + ":1: modells");
        assertThat(serving.get("/v1/models").body()).contains("\"second\"");
    }

    @Test
    void everyProblemOfABadConfigurationIsToldAndNothingStarts() throws Exception {
        Path config = Files.writeString(temp.resolve("bad.yaml"), "listen: { port: many }\ntargetz: {}\n");

        Process process = start(Map.of(), "--config", config.toString());

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(errors(process))).contains(config + ":1: listen.port", config + ":2: targetz");
        assertThat(Files.readString(errors(process)))
                .as("no word before the place")
                .startsWith(config + ":1");
    }

    @Test
    void aConfigurationThatIsNotThereIsNamed() throws Exception {
        Process process =
                start(Map.of(), "--config", temp.resolve("absent.yaml").toString());

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(errors(process)))
                .contains("absent.yaml", "--config")
                .doesNotContain("listen", "--port");
    }

    @Test
    void anAccessLogThatCannotBeOpenedIsNamed() throws Exception {
        Path config = Files.writeString(temp.resolve("log.yaml"), """
                targets: { t: { provider: sim, model: ok } }
                models: { m: { targets: [t] } }
                access_log: { file: %s }
                """.formatted(temp.resolve("absent/access.log")));

        Process process = start(Map.of(), "--port", "0", "--config", config.toString());

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(errors(process))).contains("absent/access.log", "access_log.file");
    }

    @Test
    void theCurlLineShowsWhereAKeyGoesWhereOneIsNeeded() throws Exception {
        Path config = Files.writeString(temp.resolve("keys.yaml"), """
                clients: [{ name: a, key: key-of-a }]
                targets: { t: { provider: sim, model: ok } }
                models: { m: { targets: [t] } }
                """);

        Serving serving = serve(Map.of(), "--port", "0", "--config", config.toString());

        assertThat(serving.said)
                .anySatisfy(line -> assertThat(line).contains("curl -s", "authorization: Bearer"))
                .noneSatisfy(line -> assertThat(line).contains("key-of-a"));
    }

    @Test
    void aPortThatIsTakenIsAUsageError() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = start(Map.of(), "--port", Integer.toString(taken.getLocalPort()));

            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(2);
            assertThat(Files.readString(errors(process)))
                    .containsOnlyOnce("cannot listen")
                    .contains("--port 0");
        }
    }

    @Test
    void theRehearsalCallsEverythingOnceAndEnds() throws Exception {
        Process process = start(Map.of(), "--rehearse");

        assertThat(process.waitFor(150, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void theDemoTellsItsStoryAndItsClientsAreServed() throws Exception {
        Serving serving = serve(Map.of(), "--port", "0", "--demo");

        serving.awaitComplaint("gpt fails every call");

        assertThat(serving.get("/api/state").body()).contains("\"gpt\"", "\"claude\"");
    }

    private Path config(String model) throws IOException {
        return Files.writeString(temp.resolve("holdfast.yaml"), """
                targets:
                  sim: { provider: sim, model: ok }
                models:
                  %s: { targets: [sim] }
                """.formatted(model));
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectError(Files.createTempFile(temp, "serve", ".err").toFile());
        builder.environment().keySet().removeIf(name -> name.endsWith("_API_KEY") || name.endsWith("_BASE_URL"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        files.put(process, builder.redirectError().file().toPath());
        return process;
    }

    private Path errors(Process process) {
        return files.get(process);
    }

    private Serving serve(Map<String, String> environment, String... arguments) throws IOException {
        Process process = start(environment, arguments);
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        List<String> said = new ArrayList<>();
        URI uri = null;
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.add(line);
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                uri = URI.create(address.group(1));
            }
            if (line.contains("-d '")) {
                break;
            }
        }
        assertThat(uri)
                .as("what it said: %s, %s", said, Files.readString(errors(process)))
                .isNotNull();
        return new Serving(process, uri, said, errors(process));
    }

    private static void signal(Serving serving, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(serving.process.pid()))
                .start()
                .waitFor();
    }

    /** A gateway that is up. */
    private record Serving(Process process, URI uri, List<String> said, Path errors) {
        private static final HttpClient HTTP = HttpClient.newHttpClient();

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return HTTP.send(HttpRequest.newBuilder(uri.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }

        HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
            return HTTP.send(
                    HttpRequest.newBuilder(uri.resolve(path))
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        int ended() throws InterruptedException {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        String complaints() throws IOException {
            return Files.readString(errors);
        }

        /** Until the process has written it: there is nothing to wait on but the file. */
        void awaitComplaint(String text) throws IOException, InterruptedException {
            while (!complaints().contains(text)) {
                assertThat(process.waitFor(50, TimeUnit.MILLISECONDS))
                        .as(complaints())
                        .isFalse();
            }
        }
    }
}
