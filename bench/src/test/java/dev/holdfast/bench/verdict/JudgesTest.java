// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each judge does what its library is known to do, on errors made up here. */
class JudgesTest {
    private final ErrorCase limited = http("openai", 429, "{}", "{'error':{'message':'slow down, rate limit'}}");

    @Test
    void statusAloneObeysSecondsInRetryAfter() {
        Opinion opinion = new StatusJudge().judge(http("openai", 503, "{'Retry-After':'7'}", ""));

        assertThat(opinion.retriesHere()).isTrue();
        assertThat(opinion.firstWait()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void statusAloneTakesAnIoExceptionForABrokenConnection() {
        assertThat(new StatusJudge().judge(thrown("java.io.IOException: gone")).retriesHere())
                .isTrue();
        assertThat(new StatusJudge()
                        .judge(thrown("java.lang.InterruptedException: null"))
                        .retriesHere())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"400,false", "401,false", "404,false", "408,true", "409,false", "424,false", "429,true", "500,true"})
    void langChain4jRetriesByStatus(int status, boolean retried) {
        Opinion opinion = new LangChain4jJudge().judge(http("openai", status, "{}", "{}"));

        assertThat(opinion.retriesHere()).isEqualTo(retried);
    }

    @Test
    void langChain4jRetriesWhatItCannotParseButNotAnUnknownHost() {
        LangChain4jJudge judge = new LangChain4jJudge();
        ErrorCase unknownHost =
                thrown("java.net.ConnectException: null <- java.nio.channels.UnresolvedAddressException: null");

        assertThat(judge.judge(http("openai", 200, "{}", "<html>")).retriesHere())
                .isTrue();
        assertThat(judge.judge(unknownHost).retriesHere()).isFalse();
        assertThat(judge.judge(sse("{'error':{'message':'x'}}")).retriesHere()).isFalse();
    }

    @Test
    void langChain4jStopsWhenInterruptedAndLeavesNoInterruptBehind() {
        Opinion opinion = new LangChain4jJudge().judge(thrown("java.lang.InterruptedException: null"));

        assertThat(opinion.retriesHere()).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"400,false", "408,false", "429,false", "500,true", "501,true"})
    void springAiRetriesServerErrorsAlone(int status, boolean retried) {
        assertThat(new SpringAiJudge()
                        .judge(http("mistral", status, "{}", "{}"))
                        .retriesHere())
                .isEqualTo(retried);
    }

    @Test
    void springAiRetriesWhatItsClientWraps() {
        assertThat(new SpringAiJudge()
                        .judge(thrown("java.net.SocketException: Connection reset"))
                        .retriesHere())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"400,true,true", "429,false,false", "400,,false", "409,,true", "429,,true", "529,,true"})
    void officialClientsObeyTheServerBeforeTheStatus(int status, String shouldRetry, boolean retried) {
        String headers = shouldRetry == null ? "{}" : "{'X-Should-Retry':'" + shouldRetry + "'}";
        ErrorCase error = http("openai", status, headers, "{}");

        assertThat(new OpenAiJavaJudge().judge(error).retriesHere()).isEqualTo(retried);
        assertThat(new AnthropicJavaJudge().judge(error).retriesHere()).isEqualTo(retried);
    }

    @Test
    void officialClientsDifferInHowLongTheySleep() {
        ErrorCase error = http("openai", 429, "{'retry-after':'20'}", "{}");

        assertThat(new OpenAiJavaJudge().judge(error).firstWait()).isEqualTo(Duration.ofSeconds(8));
        assertThat(new AnthropicJavaJudge().judge(error).firstWait()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void officialClientsBackOffByTheirOwnTimeOtherwise() {
        assertThat(new OpenAiJavaJudge().judge(limited).firstWait()).isEqualTo(Duration.ofMillis(500));
        assertThat(new AnthropicJavaJudge().judge(limited).firstWait()).isEqualTo(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @CsvSource({
        "ollama,429,true", "ollama,503,true", "ollama,401,false", "ollama,403,true", "ollama,400,false",
                "ollama,404,false",
        "vllm,429,true", "vllm,503,true", "vllm,401,false", "vllm,403,false", "vllm,400,false", "vllm,404,true",
        "openai,429,true", "openai,503,true", "openai,401,false", "openai,403,true", "openai,400,false",
                "openai,404,true",
        "anthropic,429,true", "anthropic,401,false", "anthropic,403,true", "anthropic,404,false", "anthropic,408,true"
    })
    void abstractCoreMapsEachProviderInItsOwnWay(String provider, int status, boolean retried) {
        Opinion opinion = new AbstractCoreJudge().judge(http(provider, status, "{}", ""));

        assertThat(opinion.retriesHere()).isEqualTo(retried);
    }

    @ParameterizedTest
    @CsvSource({
        "Connection reset by peer,NETWORK,true",
        "the read timed out,TIMEOUT,true",
        "cannot generate: output limit reached,RATE_LIMIT,true",
        "expected json here,INVALID_OUTPUT,true",
        "ask the author,AUTH,false",
        "invalid json,INVALID_REQUEST,false"
    })
    void abstractCoreGoesByTheWordsOfTheText(String text, Category category, boolean retried) {
        Opinion opinion = new AbstractCoreJudge().judge(thrown("java.lang.IllegalStateException: " + text));

        assertThat(opinion.retriesHere()).isEqualTo(retried);
        assertThat(opinion.kinds()).contains(category);
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after-ms,5000,5000",
        "retry-after,2.5,2500",
        "retry-after,-5,0",
        "retry-after,soon,2000",
        "retry-after,3600,120000",
        "retry-after,'Thu, 01 Jan 1970 00:00:05 GMT',5000"
    })
    void hiveReadsTheHeadersUpToItsCap(String header, String value, long waitMs) {
        ErrorCase error = http("openai", 429, "{'" + header + "':'" + value + "'}", "");

        assertThat(new HivePlainJudge().judge(error).firstWait()).isEqualTo(Duration.ofMillis(waitMs));
    }

    @Test
    void hiveRepeatsRateLimitsAndEmptyAnswersAndMoreInStreams() {
        ErrorCase empty = http("openai", 200, "{}", "{'choices':[]}");
        ErrorCase broken = http("openai", 500, "{}", "{}");

        assertThat(new HivePlainJudge().judge(limited).retriesHere()).isTrue();
        assertThat(new HivePlainJudge().judge(empty).retriesHere()).isTrue();
        assertThat(new HivePlainJudge().judge(broken).retriesHere()).isFalse();
        assertThat(new HiveStreamJudge().judge(broken).retriesHere()).isTrue();
        assertThat(new HiveProposalJudge()
                        .judge(http("openai", 401, "{}", "{}"))
                        .retriesHere())
                .isTrue();
    }

    @Test
    void holdfastIsAskedWithoutTheLabels() {
        ErrorCase error = http("openai", 429, "{'retry-after':'3'}", "{'error':{'code':'rate_limit_exceeded'}}");

        Opinion opinion = new HoldfastJudge(true).judge(error);

        assertThat(opinion).isEqualTo(Opinion.retry(Duration.ofSeconds(3), Opinion.about(Category.RATE_LIMIT)));
        assertThat(error.line().path("expected").path("category").asString()).isEqualTo("auth");
    }

    private static ErrorCase http(String provider, int status, String headers, String body) {
        return line(provider, "http", Integer.toString(status), headers, body, "null");
    }

    private static ErrorCase sse(String body) {
        return line("openai", "sse", "200", "{}", body, "null");
    }

    private static ErrorCase thrown(String chain) {
        return line("jvm", "exception", "null", "{}", "", "'" + chain + "'");
    }

    /** A case with a label that is wrong on purpose; single quotes stand for double ones. */
    private static ErrorCase line(
            String provider, String transport, String status, String headers, String body, String exception) {
        String json = "{'id':'own','provider':'%s','transport':'%s','status':%s,'headers':%s,'body':'@','exception':%s,"
                        .formatted(provider, transport, status, headers, exception)
                + "'expected':{'category':'auth','retry':'other_target','retry_after_ms':null}}";
        return ErrorCase.read(json.replace('\'', '"').replace("@", body.replace("'", "\\\"")));
    }
}
