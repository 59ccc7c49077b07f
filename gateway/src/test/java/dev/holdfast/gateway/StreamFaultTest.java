// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.internal.observe.CallRecord;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Real sockets: what a provider does to a stream must never look like an answer that is complete. */
@Timeout(60)
class StreamFaultTest {
    static Stream<Arguments> faults() {
        return Stream.of(OPENAI, ANTHROPIC)
                .flatMap(path -> Stream.of(true, false).flatMap(same -> Stream.of(
                                "cut,after=2",
                                "reset,after=2",
                                "error-mid,after=2",
                                "no-terminal",
                                "malformed,after=2",
                                "stall,after=2")
                        .map(fault -> Arguments.of(path, same, fault))));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultAfterTheFirstContentIsOneTypedErrorAndNoEnd(String path, boolean same, String fault) {
        boolean openAi = path.equals(OPENAI);
        String target = (openAi == same ? "" : "a:") + fault;
        String yaml = RunningGateway.yaml("{ max_attempts: 3, backoff: { initial: 1ms, max: 10ms } }", target)
                + "    timeouts: { idle: 300ms }\n";

        try (RunningGateway running = RunningGateway.start(yaml)) {
            HttpResponse<String> response = running.post(path, RunningGateway.chat(path, true));

            assertThat(response.statusCode()).isEqualTo(200);
            String body = response.body();
            assertThat(body).contains(openAi ? "\"content\":\"" : "text_delta");
            assertThat(body).doesNotContain("[DONE]").doesNotContain("message_stop");
            String marker = openAi ? "data: {\"error\":" : "event: error";
            assertThat(body.split(java.util.regex.Pattern.quote(marker), -1))
                    .as(body)
                    .hasSize(2);
            assertThat(body.substring(body.indexOf(marker))).contains("\"code\":\"");
            RunningGateway.await("the record", () -> !running.records.isEmpty());
            CallRecord record = running.records.get(0);
            assertThat(record.outcome()).isEqualTo("failure");
            assertThat(record.status()).isIn(502, 503, 504, 529, 500);
            RunningGateway.await("the record", () -> running.records.size() == 1);
        }
    }

    @ParameterizedTest
    @CsvSource({OPENAI + ",sim", OPENAI + ",sim-anthropic", ANTHROPIC + ",sim", ANTHROPIC + ",sim-anthropic"})
    void aDeadlineAfterTheFirstContentIsToldAsADeadline(String path, String provider) {
        String target = (provider.equals("sim") ? "" : "a:") + "stall,after=2";
        String yaml = RunningGateway.yaml("{ max_attempts: 3 }", target) + "    deadline: 1500ms\n";

        try (RunningGateway running = RunningGateway.start(yaml)) {
            HttpResponse<String> response = running.post(path, RunningGateway.chat(path, true));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("\"code\":\"deadline\"").doesNotContain("[DONE]", "message_stop");
            RunningGateway.await("the record", () -> running.records.size() == 1);
            assertThat(running.records.get(0).status()).isEqualTo(504);
        }
    }

    static Stream<Arguments> early() {
        return Stream.of(OPENAI, ANTHROPIC)
                .flatMap(path -> Stream.of(true, false).flatMap(same -> Stream.of(
                                "cut,after=0", "error-first", "meta-then-error", "empty", "malformed", "hang")
                        .map(fault -> Arguments.of(path, same, fault))));
    }

    @ParameterizedTest
    @MethodSource("early")
    void aFaultBeforeTheFirstContentIsAnOrdinaryErrorWhenNothingElseIsLeft(String path, boolean same, String fault) {
        boolean openAi = path.equals(OPENAI);
        String target = (openAi == same ? "" : "a:") + fault;
        String yaml = RunningGateway.yaml("{ max_attempts: 2, backoff: { initial: 1ms, max: 10ms } }", target)
                + "    timeouts: { first_content: 300ms }\n";

        try (RunningGateway running = RunningGateway.start(yaml)) {
            HttpResponse<String> response = running.post(path, RunningGateway.chat(path, true));

            assertThat(response.statusCode()).as(response.body()).isGreaterThanOrEqualTo(500);
            assertThat(response.body()).contains(openAi ? "{\"error\":{" : "{\"type\":\"error\"");
            assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(response.headers().firstValue("x-should-retry")).hasValue("false");
            assertThat(response.headers().firstValue("x-holdfast-attempts")).hasValue("2");
            RunningGateway.await("the record", () -> running.records.size() == 1);
        }
    }
}
