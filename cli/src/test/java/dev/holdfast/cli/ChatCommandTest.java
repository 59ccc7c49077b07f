// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The contract of {@code holdfast chat}, against a simulator over real sockets; retries wait in real time. */
@Timeout(180)
class ChatCommandTest {
    private static final String KEY = "sk-marker-0123456789abcdef";

    private static String answer(String model) {
        return Simulator.textOf(model) + System.lineSeparator();
    }

    // The answer and the facts.

    @Test
    void theAnswerStandsAloneOnStdout() {
        Ran ran = Ran.holdfast("chat", "--model", "sim/ok", "Hello");

        assertThat(ran).isEqualTo(new Ran(0, answer("sim/ok"), ""));
    }

    @Test
    void eachRetryIsALine() {
        Ran ran = Ran.holdfast("chat", "--model", "sim/fail=2", "Hello");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEqualTo(answer("sim/fail=2"));
        assertThat(ran.errLines()).hasSize(2);
        assertThat(ran.errLines().get(0)).matches("retry 2/3 sim/fail=2 in [0-9.]+ (ms|s) \\(server_error 503\\)");
        assertThat(ran.errLines().get(1)).matches("retry 3/3 sim/fail=2 in [0-9.]+ (ms|s) \\(server_error 503\\)");
    }

    @Test
    void severalModelsAreFailoverOrder() {
        Ran ran = Ran.holdfast("chat", "--model", "sim/500", "--model", "sim-anthropic/ok", "Hello");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEqualTo(answer("sim/ok"));
        assertThat(ran.errLines()).containsExactly("failover sim/500 → sim-anthropic/ok (server_error 500)");
    }

    @Test
    void aStatedWaitIsKeptAndSaid() {
        long start = System.nanoTime();

        Ran ran = Ran.holdfast("chat", "--attempts", "2", "--model", "sim/429,retry-after=2", "Hello");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(2));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.errLines().get(0))
                .matches("retry 2/2 sim/429,retry-after=2 in 2(\\.[0-9])? s \\(rate_limit 429\\)");
    }

    @Test
    void aModelThatHangsIsLeftInTime() {
        long start = System.nanoTime();

        Ran ran = Ran.holdfast("chat", "--first-content", "1s", "--attempts", "2", "--model", "sim/hang", "Hello");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("error timeout").contains("what to do: ");
    }

    @Test
    void anAnswerThatWasCutIsAFailureAndSaysThatItIsIncomplete() {
        Ran ran = Ran.holdfast("chat", "--model", "sim/cut", "Hello");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(answer("sim/cut")).startsWith(ran.out().strip());
        assertThat(ran.out()).isNotBlank();
        assertThat(ran.err()).contains("error stream_interrupted").contains("the answer above is incomplete");
    }

    @Test
    void theDeadlineEndsTheCall() {
        Ran ran = Ran.holdfast("chat", "--deadline", "300ms", "--model", "sim/hang", "--json", "Hello");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.json().at("/error/category").stringValue()).isEqualTo("timeout");
    }

    @Test
    void withoutAPromptStdinIsAsked() {
        Ran ran = Ran.with(Map.of(), "Hello\nthere\n", "chat", "--model", "sim/ok");

        assertThat(ran).isEqualTo(new Ran(0, answer("sim/ok"), ""));
    }

    // JSON.

    @Test
    void jsonOfASuccessHasExactlyTheseKeys() {
        JsonNode json = Ran.holdfast("chat", "--json", "--model", "sim/500", "--model", "sim/ok", "Hello")
                .json();

        assertThat(json.propertyNames())
                .containsExactlyInAnyOrder("text", "finish_reason", "target", "usage", "attempts", "error");
        assertThat(json.path("text").stringValue()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(json.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(json.path("target").stringValue()).isEqualTo("sim/ok");
        assertThat(json.at("/usage/output_tokens").asInt()).isEqualTo(20);
        assertThat(json.path("error").isNull()).isTrue();
        assertThat(json.path("attempts")).hasSize(2);
        JsonNode failed = json.at("/attempts/0");
        assertThat(failed.propertyNames())
                .containsExactlyInAnyOrder("target", "outcome", "category", "status", "wait_ms", "elapsed_ms");
        assertThat(failed.path("outcome").stringValue()).isEqualTo("failure");
        assertThat(failed.path("category").stringValue()).isEqualTo("server_error");
        assertThat(failed.path("status").asInt()).isEqualTo(500);
        assertThat(json.at("/attempts/1/outcome").stringValue()).isEqualTo("success");
        assertThat(json.at("/attempts/1/category").isNull()).isTrue();
    }

    @Test
    void jsonOfAFailureHasExactlyTheseKeys() {
        Ran ran = Ran.holdfast("chat", "--json", "--attempts", "1", "--model", "sim/429,retry-after=7", "Hello");

        JsonNode json = ran.json();
        assertThat(ran.code()).isEqualTo(1);
        assertThat(json.propertyNames())
                .containsExactlyInAnyOrder("text", "finish_reason", "target", "usage", "attempts", "error");
        assertThat(json.path("error").propertyNames())
                .containsExactlyInAnyOrder("category", "retry", "retry_after_ms", "message", "advice");
        assertThat(json.at("/error/category").stringValue()).isEqualTo("rate_limit");
        assertThat(json.at("/error/retry").stringValue()).isEqualTo("same_target");
        assertThat(json.at("/error/retry_after_ms").asInt()).isEqualTo(7000);
        assertThat(json.at("/attempts/0/status").asInt()).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({"nowhere/m", "no-slash", "openai/gpt"})
    void jsonIsWrittenAlsoWhenNothingCouldStart(String model) {
        Ran ran = Ran.holdfast("chat", "--json", "--model", model, "Hello");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.json().path("attempts")).isEmpty();
        assertThat(ran.json().at("/error/message").stringValue()).isNotBlank();
        assertThat(ran.err()).startsWith("holdfast: ");
    }

    // Usage.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "opnai/gpt | did you mean 'openai'",
                "gpt-4o | provider/model",
                "openai/gpt | set OPENAI_API_KEY",
                "azure-openai/gpt | AZURE_OPENAI"
            })
    void whatCannotBeSetUpIsAUsageErrorThatNamesTheNextStep(String model, String step) {
        Ran ran = Ran.holdfast("chat", "--model", model, "Hello");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.errLines()).hasSize(1);
        assertThat(ran.err()).contains(step);
    }

    @Test
    void wrongOptionsAreUsageErrors() {
        assertUsage("twice", "chat", "--model", "sim/ok", "--model", "sim/ok", "Hello");
        assertUsage("--attempts must be at least 1", "chat", "--attempts", "0", "--model", "sim/ok", "Hello");
        assertUsage("not a duration", "chat", "--deadline", "soon", "--model", "sim/ok", "Hello");
        assertUsage("nothing to ask", "chat", "--model", "sim/ok", "  ");
        assertUsage("--modell", "chat", "--modell", "sim/ok", "Hello");
        assertUsage("a command is missing");
    }

    private static void assertUsage(String words, String... arguments) {
        Ran ran = Ran.holdfast(arguments);

        assertThat(ran.code()).as(ran.err()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(words);
    }

    @Test
    void everyCommandPrintsTheVersion() {
        for (List<String> command :
                List.of(List.<String>of(), List.of("chat"), List.of("classify"), List.of("simulator"))) {
            String[] arguments =
                    Stream.concat(command.stream(), Stream.of("-V")).toArray(String[]::new);

            Ran ran = Ran.holdfast(arguments);

            assertThat(ran.code()).isZero();
            assertThat(ran.out()).startsWith("holdfast ").contains("java ");
        }
    }

    // Real endpoints.

    @Test
    void theBaseUrlAndTheKeyOfTheEnvironmentAreUsed() throws Exception {
        try (Simulator endpoint = Simulator.start(SimulatorOptions.defaults())) {
            Map<String, String> environment =
                    Map.of("OPENAI_BASE_URL", endpoint.baseUri() + "/v1", "OPENAI_API_KEY", KEY);

            Ran ran = Ran.with(environment, "", "chat", "--model", "openai/tokens=5", "Hello");

            assertThat(ran).isEqualTo(new Ran(0, answer("tokens=5"), ""));
            assertThat(endpoint.stats().requests()).isEqualTo(1);
        }
    }

    @Test
    void theSimulatorOfTheEnvironmentIsUsed() throws Exception {
        try (Simulator endpoint = Simulator.start(SimulatorOptions.defaults())) {
            Map<String, String> environment =
                    Map.of("SIM_BASE_URL", endpoint.baseUri().toString());

            assertThat(Ran.with(environment, "", "chat", "--model", "sim/ok", "Hello")
                            .code())
                    .isZero();
            assertThat(endpoint.stats().requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"401,auth", "429,rate_limit", "cut,stream_interrupted", "500,server_error"})
    void theKeyIsNeverShown(String model, String category) throws Exception {
        try (Simulator endpoint = Simulator.start(SimulatorOptions.defaults())) {
            Map<String, String> environment =
                    Map.of("OPENAI_BASE_URL", endpoint.baseUri() + "/v1", "OPENAI_API_KEY", KEY);

            Ran ran = Ran.with(
                    environment, "", "chat", "--json", "--attempts", "1", "--model", "openai/" + model, "Hello");

            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.err()).contains("error " + category).doesNotContain(KEY);
            assertThat(ran.out()).doesNotContain(KEY);
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidWithItsAddress() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Map<String, String> environment = Map.of("VLLM_BASE_URL", "http://127.0.0.1:" + port);

        Ran ran = Ran.with(environment, "", "chat", "--attempts", "1", "--model", "vllm/m", "Hello");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("error network").contains("127.0.0.1:" + port);
    }
}
