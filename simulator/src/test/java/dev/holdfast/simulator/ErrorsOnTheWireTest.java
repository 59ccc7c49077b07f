// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.simulator.Wire.Speech;
import dev.holdfast.simulator.internal.behaviour.Provider;
import dev.holdfast.simulator.internal.wire.Json;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Error bodies in each provider's form, and the waits that they state. */
@Timeout(120)
class ErrorsOnTheWireTest {
    private static Wire wire;

    @BeforeAll
    static void start() {
        wire = new Wire();
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            openai,429     | /error/code         | rate_limit_exceeded
            openai,429     | /error/type         | requests
            openai,401     | /error/code         | invalid_api_key
            openai,402     | /error/type         | insufficient_quota
            openai,404     | /error/param        | model
            openai,500     | /error/type         | server_error
            anthropic,529  | /error/type         | overloaded_error
            anthropic,429  | /type               | error
            anthropic,413  | /error/type         | request_too_large
            anthropic,402  | /error/type         | billing_error
            azure,429      | /error/code         | 429
            azure,404      | /error/code         | DeploymentNotFound
            gemini,503     | /0/error/status     | UNAVAILABLE
            gemini,429     | /0/error/status     | RESOURCE_EXHAUSTED
            groq,503       | /error/type         | internal_server_error
            mistral,401    | /detail             | Unauthorized
            mistral,429    | /type               | rate_limited
            mistral,422    | /detail/0/type      | value_error
            deepseek,402   | /error/code         | invalid_request_error
            xai,400        | /code               | invalid argument
            openrouter,429 | /error/code         | 429
            together,429   | /error/code         | rate_limit_exceeded
            fireworks,404  | /error/code         | NOT_FOUND
            vllm,404       | /error/type         | NotFoundError
            litellm,429    | /error/code         | 429
            huggingface,503 | /error_type        | overloaded
            """)
    void eachProviderHasItsOwnForm(String model, String pointer, String expected) throws Exception {
        String[] parts = model.split(",");
        HttpResponse<String> answer = wire.plain(Speech.OPENAI, "sim/" + parts[1] + ",as=" + parts[0]);

        assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(parts[1]));
        assertThat(Json.read(answer.body()).at(pointer).asString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void everyProviderAnswersEveryStatusWithABodyOfItsContentType(Provider provider) throws Exception {
        for (int status :
                new int[] {400, 401, 402, 403, 404, 408, 409, 413, 422, 424, 429, 500, 502, 503, 504, 524, 529}) {
            HttpResponse<String> answer = wire.plain(Speech.ANTHROPIC, "sim/" + status + ",as=" + provider.word());

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).isNotBlank();
            if (answer.headers().firstValue("content-type").orElseThrow().equals("application/json")) {
                Json.read(answer.body());
            }
        }
    }

    @Test
    void proxiesAnswerWithPagesAndBedrockWithAHeader() throws Exception {
        assertThat(wire.plain(Speech.OPENAI, "502,as=nginx").body()).contains("<center>nginx</center>");
        assertThat(wire.plain(Speech.OPENAI, "522,as=cloudflare").body()).isEqualTo("error code: 522");
        assertThat(wire.plain(Speech.OPENAI, "429,as=bedrock").headers().firstValue("x-amzn-errortype"))
                .hasValueSatisfying(value -> assertThat(value).startsWith("ThrottlingException:"));
        assertThat(wire.plain(Speech.OPENAI, "503,as=ollama").body()).startsWith("{\"error\":\"");
        assertThat(wire.plain(Speech.OPENAI, "503,as=cohere").body()).contains("\"message\":\"");
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void aWaitIsStatedAsAsked(Speech speech) throws Exception {
        wire.simulator.reset();
        HttpResponse<String> seconds = wire.plain(speech, "429,retry-after=2");
        HttpResponse<String> fraction = wire.plain(speech, "429,retry-after=0.5");
        HttpResponse<String> millis = wire.plain(speech, "503,retry-after-ms=250");
        HttpResponse<String> failing = wire.plain(speech, "fail=1,status=429,retry-after=7");

        assertThat(seconds.headers().firstValue("retry-after")).hasValue("2");
        assertThat(fraction.headers().firstValue("retry-after")).hasValue("0.5");
        assertThat(millis.headers().firstValue("retry-after-ms")).hasValue("250");
        assertThat(millis.headers().firstValue("retry-after")).isEmpty();
        assertThat(failing.headers().firstValue("retry-after")).hasValue("7");
        assertThat(wire.plain(speech, "429").headers().firstValue("retry-after"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"30", "-30", "0"})
    void aWaitStatedAsADateIsThatFarAhead(long ahead) throws Exception {
        HttpResponse<String> answer = wire.plain(Speech.OPENAI, "503,retry-after-date=" + ahead);
        String date = answer.headers().firstValue("retry-after").orElseThrow();
        String now = answer.headers().firstValue("date").orElseThrow();

        assertThat(seconds(date) - seconds(now)).isCloseTo(ahead, within(1L));
        assertThat(seconds(now)).isCloseTo(Instant.now().getEpochSecond(), within(3L));
    }

    private static long seconds(String httpDate) {
        return ZonedDateTime.parse(httpDate, DateTimeFormatter.RFC_1123_DATE_TIME)
                .toEpochSecond();
    }

    @Test
    void geminiStatesItsWaitInTheBodyToo() throws Exception {
        JsonNode body = Json.read(
                wire.plain(Speech.OPENAI, "429,as=gemini,retry-after=12").body());

        assertThat(body.at("/0/error/details/0/retryDelay").asString()).isEqualTo("12s");
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void anErrorInsideAStreamKeepsToOneEventWhateverItsShape(Speech speech) throws Exception {
        String stream = wire.stream(speech, "error-first,as=nginx,status=502").body();

        assertThat(stream.lines().filter(line -> line.startsWith("data: ")).findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains("502").contains("</html>"));
        assertThat(stream.lines())
                .allMatch(line -> line.isEmpty() || line.startsWith("data: ") || line.startsWith("event: "));
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void theInBandErrorOfAPlainAnswerIsTheWholeDocument(Speech speech) throws Exception {
        HttpResponse<String> answer = wire.plain(speech, "error-mid,status=500");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(speech.errorType(Json.read(answer.body()))).isIn("server_error", "api_error");
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void eachAnswerHasARequestIdOfItsOwn(Speech speech) throws Exception {
        String header = speech == Speech.OPENAI ? "x-request-id" : "request-id";

        assertThat(wire.plain(speech, "ok").headers().firstValue(header))
                .isPresent()
                .isNotEqualTo(wire.plain(speech, "503").headers().firstValue(header));
    }
}
