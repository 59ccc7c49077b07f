// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatedWaitsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final ProviderErrorClassifier classifier =
            ProviderErrorClassifier.create().withClock(Clock.fixed(NOW, ZoneOffset.UTC));

    private @Nullable Duration hint(String body, String... headers) {
        return failure(body, headers).hint();
    }

    private Failure failure(String body, String... headers) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            map.put(headers[i], List.of(headers[i + 1]));
        }
        return classifier.classify(ErrorInput.http("openai", 429, map, body));
    }

    @ParameterizedTest
    @CsvSource({
        "Please try again in 6ms,6",
        "Please try again in 174ms.,174",
        "try again in 9.816s. Visit,9816",
        "try again in 1m47.5854s,107586",
        "try again in 7m12s.,432000",
        "Please retry after 60 seconds.,60000",
        "Try again in 2 seconds,2000",
        "Please retry in 48.939935699s.,48940",
        "will reset after 19h14m47s,69287000",
        "Please wait 43200 seconds before retrying,43200000",
        "Please wait about 3 minutes,180000",
        "resets in 2 hours and 5 minutes,7500000",
        "retry-after: 30,30000",
        "Retry after 1 day,86400000"
    })
    void waitInWordsIsRead(String words, long millis) {
        Duration hint = hint("{\"error\":{\"message\":\"Limit. " + words + "\"}}");

        assertThat(hint.plusNanos(999_999).toMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Please try again later", "retry your request", "Please retry in a few seconds",
                        "regain access on 2026-04-01 at 00:00 UTC",
                "Limit 30000, Used 14567, Requested 100", "in 5 s", "try again in 0s",
                        "try again in 99999999999999999999999999 s",
                "try again in 5 bananas", "version 2 is out"
            })
    void wordsWithoutNumberAndUnitBehindAnAnnouncementAreNoWait(String words) {
        assertThat(hint("{\"error\":{\"message\":\"" + words + "\"}}")).isNull();
    }

    @Test
    void retryDelayPrintedAsProtobufTextIsRead() {
        assertThat(hint("429 too many [retry_delay {\n  seconds: 42\n  nanos: 500000000\n}\n]"))
                .isEqualTo(Duration.ofMillis(42_500));
        assertThat(hint("429 too many [retry_delay { seconds: 7 }]")).isEqualTo(Duration.ofSeconds(7));
        assertThat(hint("429 too many [retry_delay { } seconds: 7")).isNull();
        assertThat(hint("429 too many [retry_delay { seconds:")).isNull();
    }

    @Test
    void millisecondsHeaderComesFirstUnlessZero() {
        assertThat(hint("", "retry-after-ms", "250", "retry-after", "9")).isEqualTo(Duration.ofMillis(250));
        assertThat(hint("", "retry-after-ms", "0", "retry-after", "9")).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void headerNamesAreReadInAnyCaseAndFractionsCount() {
        assertThat(hint("", "RETRY-AFTER", " 1.5 ")).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void headerOutranksTheWords() {
        assertThat(hint("{\"error\":{\"message\":\"try again in 20s\"}}", "Retry-After", "3"))
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void zeroIsNoHint() {
        assertThat(hint("{\"error\":{\"message\":\"try again in 20s\"}}", "Retry-After", "0"))
                .isEqualTo(Duration.ofSeconds(20));
        assertThat(hint("", "Retry-After", "0")).isNull();
    }

    @Test
    void dateCountsFromTheResponsesOwnDate() {
        assertThat(hint("", "Retry-After", "Sun, 01 Mar 2026 09:00:40 GMT", "Date", "Sun, 01 Mar 2026 09:00:10 GMT"))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void dateCountsFromTheClockWithoutAResponseDate() {
        assertThat(hint("", "Retry-After", "Sun, 01 Mar 2026 10:00:25 GMT")).isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void dateInThePastIsNoHint() {
        assertThat(hint("", "Retry-After", "Sun, 01 Mar 2026 09:59:00 GMT")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"soon", "-5", "1e9", "NaN", "", "99999999999999999999999999999999", "1.2.3", "Mon, 99 Foo 2026"})
    void nonsenseInRetryAfterIsNoHint(String value) {
        assertThat(hint("", "Retry-After", value)).isNull();
    }

    @Test
    void retryInfoAndWordsGiveTheLonger() {
        String body = """
                {"error":{"message":"Please retry in 48.9s.","details":[{"@type":"x/google.rpc.RetryInfo","retryDelay":"48s"}]}}""";

        assertThat(hint(body)).isEqualTo(Duration.ofMillis(48_900));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":\"loading\",\"estimated_time\":20.5}|20500",
                "{\"error\":{\"message\":\"m\",\"resets_in_seconds\":90}}|90000",
                "{\"error\":{\"message\":\"m\",\"metadata\":{\"retry_after\":\"4\"}}}|4000",
                "{\"error\":{\"message\":\"m\",\"details\":[{\"retryDelay\":{\"seconds\":\"3\",\"nanos\":500000000}}]}}|3500"
            })
    void fieldsOfTheBodyAreRead(String body, long millis) {
        assertThat(hint(body)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void onlyTheExhaustedDimensionsResetCounts() {
        assertThat(hint(
                        "",
                        "x-ratelimit-remaining-requests",
                        "14370",
                        "x-ratelimit-reset-requests",
                        "2m59.56s",
                        "x-ratelimit-remaining-tokens",
                        "0",
                        "x-ratelimit-reset-tokens",
                        "7.66s"))
                .isEqualTo(Duration.ofMillis(7660));
    }

    @Test
    void resetOfAWindowThatIsNotExhaustedIsNoHint() {
        assertThat(hint("", "ratelimit", "\"api\";r=99794;t=241")).isNull();
        assertThat(hint("", "ratelimit", "\"api\";r=0;t=55")).isEqualTo(Duration.ofSeconds(55));
    }

    @Test
    void retryAfterOutranksTheTimeOfFullRefill() {
        assertThat(hint(
                        "",
                        "retry-after",
                        "16",
                        "anthropic-ratelimit-input-tokens-remaining",
                        "0",
                        "anthropic-ratelimit-input-tokens-reset",
                        "2026-03-01T10:01:00Z"))
                .isEqualTo(Duration.ofSeconds(16));
    }

    @Test
    void resetStampsAreReadAsDatesAndAsEpochs() {
        assertThat(hint(
                        "",
                        "anthropic-ratelimit-requests-remaining",
                        "0",
                        "anthropic-ratelimit-requests-reset",
                        "2026-03-01T10:00:12Z"))
                .isEqualTo(Duration.ofSeconds(12));
        assertThat(hint(
                        "",
                        "anthropic-ratelimit-unified-5h-status",
                        "rejected",
                        "anthropic-ratelimit-unified-5h-reset",
                        String.valueOf(NOW.getEpochSecond() + 60)))
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(hint(
                        "{\"error\":{\"code\":429,\"metadata\":{\"headers\":{\"X-RateLimit-Remaining\":\"0\",\"X-RateLimit-Reset\":\""
                                + NOW.plusSeconds(33).toEpochMilli() + "\"}}}}"))
                .isEqualTo(Duration.ofSeconds(33));
    }

    @Test
    void statedWaitOverFiveMinutesSendsTheCallElsewhereUnshortened() {
        Failure atBar = failure("", "Retry-After", "300");
        Failure overBar = failure("", "Retry-After", "301");

        assertThat(atBar.scope()).isEqualTo(RetryScope.SAME_TARGET);
        assertThat(overBar.scope()).isEqualTo(RetryScope.OTHER_TARGET);
        assertThat(overBar.hint()).isEqualTo(Duration.ofSeconds(301));
    }

    @Test
    void serverThatForbidsARetryHereIsObeyed() {
        assertThat(failure("", "x-should-retry", "false").scope()).isEqualTo(RetryScope.OTHER_TARGET);
        assertThat(failure("", "x-should-retry", "true").scope()).isEqualTo(RetryScope.SAME_TARGET);
    }

    @Test
    void serverThatAsksForARetryCannotMakeABrokenKeyWork() {
        Failure failure = classifier.classify(ErrorInput.http(
                "openai",
                401,
                Map.of("x-should-retry", List.of("true")),
                "{\"error\":{\"message\":\"Incorrect API key provided\",\"code\":\"invalid_api_key\"}}"));

        assertThat(failure.scope()).isEqualTo(RetryScope.OTHER_TARGET);
    }
}
