// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.foreign.NodeServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The official libraries for Node before a gateway: each runs as a process of its own, talks to a real socket, and prints
 * what it saw. Real time, because their waits are part of it.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeClientsTest {
    private static final long RUN_SECONDS = 120;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final NodeServers packages = new NodeServers("gateway", "openai and @anthropic-ai/sdk");
    private RunningGateway openAiSide;
    private RunningGateway anthropicSide;
    private JsonNode openAi;
    private JsonNode anthropic;

    @BeforeAll
    void run() throws Exception {
        packages.installed();
        openAiSide = ClientModels.forOpenAi();
        anthropicSide = ClientModels.forAnthropic();
        openAi = run("openai-client.mjs", openAiSide);
        anthropic = run("anthropic-client.mjs", anthropicSide);
    }

    @AfterAll
    void stop() {
        for (RunningGateway running : new RunningGateway[] {openAiSide, anthropicSide}) {
            if (running != null) {
                running.close();
            }
        }
    }

    private JsonNode run(String script, RunningGateway running) throws IOException, InterruptedException {
        Path source = Path.of(
                Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse(".."), "gateway/src/test/npm", script);
        Path directory = packages.installed();
        Files.copy(source, directory.resolve(script), StandardCopyOption.REPLACE_EXISTING);
        Path out = directory.resolve(script + ".out");
        Path log = directory.resolve(script + ".log");
        Process node = new ProcessBuilder("node", script, running.gateway.uri().toString(), ClientModels.KEY)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            assertThat(node.waitFor(RUN_SECONDS, TimeUnit.SECONDS)).as(script).isTrue();
        } finally {
            node.destroyForcibly();
        }
        assertThat(node.exitValue()).as(Files.readString(log)).isZero();
        return JSON.readTree(Files.readString(out));
    }

    private JsonNode seen(String library) {
        return library.equals("openai") ? openAi : anthropic;
    }

    private RunningGateway gateway(String library) {
        return library.equals("openai") ? openAiSide : anthropicSide;
    }

    static Stream<Arguments> ways() {
        return Stream.of("openai", "anthropic")
                .flatMap(library -> Stream.of("plain", "streamed").map(way -> Arguments.of(library, way)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void answersAreReadWhoeverGaveThem(String library, String way) {
        String stop = library.equals("openai") ? "stop" : "end_turn";
        for (String model : List.of("default", "own-down", "other-down")) {
            JsonNode answer = seen(library).at("/" + way + "/" + model);

            boolean other = model.equals("own-down");
            assertThat(answer.path("text").asString(""))
                    .as(model + answer)
                    .isEqualTo(other ? ClientModels.OTHER_TEXT : ClientModels.OWN_TEXT);
            assertThat(answer.path("finish").asString("")).isEqualTo(stop);
            assertThat(answer.path("tokens").intValue()).isEqualTo(other ? 9 : 7);
        }
    }

    @ParameterizedTest
    @CsvSource({"openai, tool", "openai, toolStreamed", "anthropic, tool", "anthropic, toolStreamed"})
    void aToolIsCalledAndItsResultTakenBackOnBothSidesOfAFailover(String library, String way) {
        for (String model : List.of("tool", "tool-own-down")) {
            JsonNode answer = seen(library).at("/" + way + "/" + model);

            assertThat(answer.path("name").asString("")).as(answer.toString()).isEqualTo("tide");
            assertThat(answer.at("/arguments/port").isString()).isTrue();
            assertThat(answer.path("finish").asString(""))
                    .isEqualTo(library.equals("openai") ? "tool_calls" : "tool_use");
            assertThat(answer.path("text").asString("")).isEqualTo(ClientModels.TOOL_TEXT);
            assertThat(answer.path("end").asString("")).isEqualTo(library.equals("openai") ? "stop" : "end_turn");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openai, e400, BadRequestError, 400, invalid_request",
        "openai, stranger, AuthenticationError, 401, invalid_api_key",
        "openai, nobody, NotFoundError, 404, model_not_found",
        "openai, e429, RateLimitError, 429, rate_limit",
        "openai, e500, InternalServerError, 502, server_error",
        "openai, e503, InternalServerError, 503, overloaded",
        "openai, e-auth, InternalServerError, 502, upstream_auth",
        "openai, e-hang, InternalServerError, 504, timeout",
        "anthropic, e400, BadRequestError, 400, invalid_request",
        "anthropic, stranger, AuthenticationError, 401, invalid_api_key",
        "anthropic, nobody, NotFoundError, 404, model_not_found",
        "anthropic, e429, RateLimitError, 429, rate_limit",
        "anthropic, e500, InternalServerError, 502, server_error",
        "anthropic, e503, OverloadedError, 529, overloaded",
        "anthropic, e-auth, InternalServerError, 502, upstream_auth",
        "anthropic, e-hang, GatewayTimeoutError, 504, timeout"
    })
    void failuresBecomeTheLibrarysOwnErrors(String library, String model, String error, int status, String code) {
        JsonNode failed = seen(library).at("/errors/" + model);

        assertThat(failed.path("error").asString("")).as(failed.toString()).isEqualTo(error);
        assertThat(failed.path("api").booleanValue()).isTrue();
        assertThat(failed.path("status").intValue()).isEqualTo(status);
        assertThat(failed.path("code").asString("")).isEqualTo(code);
    }

    /** Its own retries are on: were they used, the simulator would have seen three times as many attempts. */
    @ParameterizedTest
    @CsvSource({"openai, 429", "openai, 500", "openai, hang", "anthropic, 429", "anthropic, 500", "anthropic, hang"})
    void theLibraryDoesNotRetryWhatTheGatewayRetried(String library, String upstream) {
        assertThat(ClientModels.upstreamCalls(gateway(library), upstream)).isEqualTo(ClientModels.ATTEMPTS);
    }

    /** A key that is refused: twice half a minute of waiting would bring the same answer. */
    @ParameterizedTest
    @CsvSource({"openai", "anthropic"})
    void theLibraryDoesNotRetryWhatOnlyTheOperatorCanMend(String library) {
        assertThat(ClientModels.upstreamCalls(gateway(library), "401")).isOne();
        assertThat(seen(library).at("/errors/e-auth/millis").doubleValue()).isLessThan(20_000);
    }

    @ParameterizedTest
    @CsvSource({"openai", "anthropic"})
    void theLibraryComesBackWhenTheGatewaySaysSo(String library) {
        JsonNode answer = seen(library).at("/comesBack");

        assertThat(answer.path("text").asString("")).as(answer.toString()).isNotEmpty();
        assertThat(answer.path("millis").doubleValue()).isGreaterThan(900);
        assertThat(ClientModels.upstreamCalls(gateway(library), "fail=1,status=429,retry-after=1"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"openai", "anthropic"})
    void aBrokenStreamIsAnErrorOfTheLibrary(String library) {
        JsonNode cut = seen(library).at("/cut");

        assertThat(cut.path("end").isMissingNode()).as(cut.toString()).isTrue();
        assertThat(cut.path("api").booleanValue()).as(cut.toString()).isTrue();
        assertThat(cut.path("code").asString("")).isEqualTo("stream_interrupted");
    }

    @Test
    void embeddingsAreNumbersAgain() {
        assertThat(openAi.at("/embeddings/count").intValue())
                .as(openAi.at("/embeddings").toString())
                .isEqualTo(2);
        assertThat(openAi.at("/embeddings/squares").doubleValue()).isBetween(0.999, 1.001);
    }

    @ParameterizedTest
    @CsvSource({"openai", "anthropic"})
    void theModelsAreListed(String library) {
        JsonNode models = seen(library).at("/models/ids");

        assertThat(StreamSupport.stream(models.spliterator(), false).map(JsonNode::stringValue))
                .as(seen(library).at("/models").toString())
                .contains("default", "own-down", "tool");
    }
}
