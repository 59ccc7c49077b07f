// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.CallException;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.PageSnippets;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.langchain4j.http.HoldfastHttpClientBuilder;
import dev.holdfast.langchain4j.http.OnePage;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.target.Target;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.service.AiServices;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of the page for those who come from LangChain4j's own retries, before and after, against a real server. */
@Timeout(120)
class ComingFromPageTest {
    private final String key = "k";
    private Simulator server;
    private String address;

    @BeforeEach
    void start() throws IOException {
        server = Simulator.start(SimulatorOptions.defaults());
        address = server.baseUri() + "/v1";
        // The pages use the engine of the process, which remembers what earlier tests have seen of these routes.
        HoldfastRuntime.defaultHoldfast().reset(Target.of("openai"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ChatModel before(String name) {
        ChatModel before = OpenAiChatModel.builder()
                .baseUrl(address)
                .apiKey(key)
                .modelName(name)
                .maxRetries(2)
                .timeout(Duration.ofSeconds(30))
                .build();
        return before;
    }

    private ChatModel after(String name) {
        ChatModel after = ResilientChatModel.builder()
                .route(
                        "openai",
                        OpenAiChatModel.builder()
                                .httpClientBuilder(new HoldfastHttpClientBuilder())
                                .baseUrl(address)
                                .apiKey(key)
                                .modelName(name)
                                .timeout(Duration.ofSeconds(30))
                                .build())
                .resilience(ResilienceConfig.defaults().withMaxAttempts(3).withDeadline(Duration.ofSeconds(90)))
                .build();
        return after;
    }

    private long requests(Runnable calls) {
        server.reset();
        calls.run();
        return server.stats().requests();
    }

    @Test
    void aFailureThatPasses() {
        assertThat(requests(() -> before("sim/fail=1").chat("hi"))).isEqualTo(2);
        assertThat(requests(() -> after("sim/fail=1").chat("hi"))).isEqualTo(2);
    }

    /** The only stated wait that is waited for here; half a minute would prove no more. */
    @Test
    void aStatedWait() {
        Duration stated = Duration.ofSeconds(8);
        String model = "sim/fail=1,status=429,retry-after=8";

        long start = System.nanoTime();
        assertThat(requests(() -> before(model).chat("hi"))).isEqualTo(2);
        long between = System.nanoTime();
        assertThat(requests(() -> after(model).chat("hi"))).isEqualTo(2);
        long end = System.nanoTime();

        assertThat(Duration.ofNanos(between - start)).isLessThan(stated);
        assertThat(Duration.ofNanos(end - between)).isGreaterThanOrEqualTo(stated);
    }

    @Test
    void aWaitThatIsTooLong() {
        String model = "sim/429,retry-after=3600";

        assertThat(requests(() -> catchThrowable(() -> before(model).chat("hi"))))
                .isEqualTo(3);
        assertThat(requests(() -> assertThat(catchThrowable(() -> after(model).chat("hi")))
                        .isInstanceOfSatisfying(
                                RateLimitException.class, e -> assertThat(((CallException) e.getCause()).retryAfter())
                                        .isEqualTo(Duration.ofHours(1)))))
                .isEqualTo(1);
    }

    @Test
    void anAccountWithoutCredit() throws IOException {
        String body = "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":\"insufficient_quota\","
                + "\"code\":\"insufficient_quota\"}}";
        try (OnePage page = new OnePage(429, "application/json", body)) {
            address = page.uri() + "/v1";

            assertThat(catchThrowable(() -> before("m").chat("hi"))).isInstanceOf(RateLimitException.class);
            assertThat(page.requests()).isEqualTo(3);
            assertThat(catchThrowable(() -> after("m").chat("hi"))).isInstanceOf(RateLimitException.class);
            assertThat(page.requests()).isEqualTo(4);
        }
    }

    @Test
    void aPageInPlaceOfAnAnswer() throws IOException {
        try (OnePage page = new OnePage("text/html", "<html><body>Sign in</body></html>")) {
            address = page.uri() + "/v1";

            assertThat(catchThrowable(() -> before("m").chat("hi"))).hasStackTraceContaining("JsonParseException");
            assertThat(page.requests()).isEqualTo(3);
            assertThat(catchThrowable(() -> after("m").chat("hi")))
                    .isInstanceOf(InternalServerException.class)
                    .hasMessageContaining("a body that is not an answer");
            assertThat(page.requests()).isEqualTo(6);
        }
    }

    @Test
    void aSecondProviderByHand() {
        ChatModel openAi = Houses.OPENAI.plain(server, "sim/401");
        ChatModel anthropic = Houses.ANTHROPIC.plain(server, "sim/ok");

        String text;
        try {
            text = openAi.chat("Hello");
        } catch (RuntimeException e) {
            text = anthropic.chat("Hello");
        }

        assertThat(text).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void aSecondProvider() {
        ChatModel openAi = Houses.OPENAI.plain(server, "sim/503");
        ChatModel anthropic = Houses.ANTHROPIC.plain(server, "sim/ok");

        ChatModel both = ResilientChatModel.builder()
                .route("openai", openAi)
                .route("anthropic", anthropic)
                .build();
        String text = both.chat("Hello");

        assertThat(text).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(server.stats().requests()).isEqualTo(2);
    }

    @Test
    void streams() throws InterruptedException {
        StreamingChatModel streamingOpenAi = Houses.OPENAI.streaming(server, "sim/503");
        StreamingChatModel streamingAnthropic = Houses.ANTHROPIC.streaming(server, "sim/ok");
        Heard handler = new Heard();

        StreamingChatModel both = ResilientStreamingChatModel.builder()
                .route("openai", streamingOpenAi)
                .route("anthropic", streamingAnthropic)
                .build();
        both.chat("Hello", handler);

        assertThat(handler.awaitEnd().text()).isEqualTo(Simulator.textOf("sim/ok"));
    }

    interface Assistant {
        String chat(String message);
    }

    /** A tool. */
    static final class Harbour {
        @Tool("Books a berth")
        String book(@P("port") String port) {
            return "berth 1 in " + port;
        }
    }

    @Test
    void services() {
        ChatModel both = ResilientChatModel.builder()
                .route("openai", Houses.OPENAI.plain(server, "sim/fail=1,tool"))
                .route("anthropic", Houses.ANTHROPIC.plain(server, "sim/tool"))
                .resilience(Houses.quick())
                .build();

        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(both)
                .tools(new Harbour())
                .build();
        String text = assistant.chat("A berth in the small harbour, please");

        assertThat(text).isIn(Simulator.textOf("sim/tool"), Simulator.textOf("sim/fail=1,tool"));
    }

    @Test
    void thePageShowsWhatRunsHere() throws IOException {
        PageSnippets.assertRun(
                "docs/coming-from-langchain4j.md",
                6,
                "integrations/langchain4j/src/test/java/dev/holdfast/langchain4j/ComingFromPageTest.java");
    }
}
