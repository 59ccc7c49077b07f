// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.AttemptReport;
import dev.holdfast.CallException;
import dev.holdfast.CallReport;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.PageSnippets;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.langchain4j.http.HoldfastHttpClientBuilder;
import dev.holdfast.limit.Priority;
import dev.holdfast.llm.Llm;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.target.Target;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of the page on LangChain4j, run against a real server. */
@Timeout(120)
class PagesTest {
    private final StringBuilder printed = new StringBuilder();
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

    private synchronized void print(String text) {
        printed.append(text);
    }

    @Test
    void theFirstUse() {
        ChatModel openAi = OpenAiChatModel.builder()
                .httpClientBuilder(new HoldfastHttpClientBuilder())
                .baseUrl(address)
                .apiKey(key)
                .modelName("sim/fail=1")
                .build();
        ChatModel anthropic = AnthropicChatModel.builder()
                .httpClientBuilder(new HoldfastHttpClientBuilder())
                .baseUrl(address)
                .apiKey(key)
                .modelName("sim/ok")
                .build();
        ChatModel model = ResilientChatModel.builder()
                .route("openai", openAi) // failover order
                .route("anthropic", anthropic)
                .build();
        print(model.chat("Hello"));

        assertThat(printed.toString()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(server.stats().requests()).isEqualTo(2);
    }

    @Test
    void oneEngineForSeveralModelsAndAStream() throws InterruptedException {
        ChatModel openAi = Houses.OPENAI.plain(server, "sim/ok");
        StreamingChatModel streamingOpenAi = Houses.OPENAI.streaming(server, "sim/cut,after=5");

        Holdfast engine = Holdfast.builder()
                .config(ResilienceConfig.defaults().withMaxAttempts(4).withDeadline(Duration.ofSeconds(60)))
                .build();
        ChatModel model = ResilientChatModel.builder()
                .route("openai", openAi)
                .holdfast(engine)
                .build();
        StreamingChatModel streaming = ResilientStreamingChatModel.builder()
                .route("openai", streamingOpenAi)
                .holdfast(engine)
                .build();

        CountDownLatch done = new CountDownLatch(1);
        streaming.chat("Hello", new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String partial) {
                print(partial);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                done.countDown();
            }

            @Override
            public void onError(Throwable error) {
                if (error instanceof BrokenStreamException broken) {
                    print("\ncut after " + broken.textSoFar().length() + " characters: " + broken.category());
                }
                done.countDown();
            }
        });

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(printed.toString()).contains("\ncut after ", ": stream_interrupted");
        assertThat(model.chat("hi")).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(engine.targets()).hasSize(1);
    }

    @Test
    void whatOneCallWants() {
        ChatModel model = ResilientChatModel.builder()
                .route("openai", Houses.OPENAI.plain(server, "sim/ok"))
                .resilience(Houses.quick())
                .build();
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from("Hello")).build();

        ChatRequestOptions options = ChatRequestOptions.builder()
                .addListenerAttribute(CallAttribute.DEADLINE, Duration.ofSeconds(20))
                .addListenerAttribute(CallAttribute.PRIORITY, Priority.HIGH)
                .addListenerAttribute(CallAttribute.IDEMPOTENCY_KEY, "order-4711")
                .build();
        ChatResponse response = model.chat(request, options);

        assertThat(response.aiMessage().text()).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void whatTheCallerSees() {
        ChatModel model = ResilientChatModel.builder()
                .route("openai", Houses.OPENAI.plain(server, "sim/429,retry-after=3600"))
                .resilience(Houses.quick())
                .build();

        try {
            model.chat("Hello");
        } catch (RateLimitException e) {
            if (e.getCause() instanceof CallException call) {
                print(call.category() + ", again in " + call.retryAfter() + ", after "
                        + call.report().attempts().size() + " attempt");
            }
        }

        assertThat(printed.toString()).isEqualTo("rate_limit, again in PT1H, after 1 attempt");
    }

    @Test
    void whoServed() {
        ChatModel openAi = Houses.OPENAI.plain(server, "sim/503");
        ChatModel anthropic = Houses.ANTHROPIC.plain(server, "sim/ok");

        ChatModelListener servedBy = new ChatModelListener() {
            @Override
            public void onResponse(ChatModelResponseContext context) {
                CallReport report = CallAttribute.REPORT.in(context.attributes());
                AttemptReport last = report.attempts().get(report.attempts().size() - 1);
                print(last.target() + " served, attempt " + last.number());
            }
        };
        ChatModel model = ResilientChatModel.builder()
                .route("openai", openAi)
                .route("anthropic", anthropic)
                .listener(servedBy)
                .build();
        model.chat("Hello");

        assertThat(printed.toString()).isEqualTo("anthropic served, attempt 2");
    }

    private EmbeddingModel vectors(String name) {
        return OpenAiEmbeddingModel.builder()
                .httpClientBuilder(new HoldfastHttpClientBuilder())
                .baseUrl(address)
                .apiKey(key)
                .modelName(name)
                .build();
    }

    @Test
    @Tag("langchain4j-1.18")
    void embeddings() {
        EmbeddingModel firstVectors = vectors("sim/503");
        EmbeddingModel secondVectors = vectors("sim/ok");

        EmbeddingModel model = ResilientEmbeddingModel.builder()
                .route("first", firstVectors)
                .route("second", secondVectors)
                .build();
        float[] vector = model.embed("a small harbour").content().vector();

        assertThat(vector).isNotEmpty();
    }

    @Test
    void asATarget() {
        ChatModel bedrock = Houses.ANTHROPIC.plain(server, "sim/ok");
        StreamingChatModel streamingBedrock = Houses.ANTHROPIC.streaming(server, "sim/ok");
        String simulator = address;

        Llm llm = Llm.builder()
                .targets("sim/fail=9")
                .provider(LangChain4jProvider.builder("bedrock/nova")
                        .chat(bedrock)
                        .streaming(streamingBedrock)
                        .build())
                .baseUrl("sim", simulator)
                .build();
        print(llm.blocking().complete("Hello").text());

        assertThat(printed.toString()).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void thePageShowsWhatRunsHere() throws IOException {
        PageSnippets.assertRun(
                "docs/langchain4j.md",
                8,
                "integrations/langchain4j/src/test/java/dev/holdfast/langchain4j/PagesTest.java");
    }
}
