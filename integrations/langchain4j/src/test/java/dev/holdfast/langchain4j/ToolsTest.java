// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.RealHoldfast;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tools on resilient models, over real sockets: a retry repeats a call of the model, never what a tool has done. */
@Timeout(120)
class ToolsTest {
    private static Simulator simulator;
    private RealHoldfast real;
    private Holdfast engine;

    @BeforeAll
    static void start() throws IOException {
        simulator = Simulator.start(SimulatorOptions.defaults());
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void fresh() {
        simulator.reset();
        real = new RealHoldfast(builder -> builder.config(Houses.quick()));
        engine = real.engine;
    }

    @AfterEach
    void everythingIsReturned() {
        real.awaitAllReturned();
        real.close();
    }

    /** A tool with an effect that must not happen twice. */
    static final class Harbour {
        final AtomicInteger booked = new AtomicInteger();

        @Tool("Books a berth")
        String book(@P("port") String port) {
            return "berth " + booked.incrementAndGet();
        }
    }

    interface Assistant {
        String chat(String message);
    }

    interface StreamingAssistant {
        TokenStream chat(String message);
    }

    private static boolean afterTool(ChatRequest request) {
        List<ChatMessage> messages = request.messages();
        return messages.get(messages.size() - 1) instanceof ToolExecutionResultMessage;
    }

    /** A model whose provider goes down once a tool has run. */
    private static ChatModel downAfterTheTool(Houses house) {
        ChatModel up = house.plain(simulator, "sim/tool");
        ChatModel down = house.plain(simulator, "sim/503");
        return new ChatModel() {
            @Override
            public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
                return (afterTool(request) ? down : up).chat(request, options);
            }
        };
    }

    private static StreamingChatModel downAfterTheToolStreaming(Houses house) {
        StreamingChatModel up = house.streaming(simulator, "sim/tool");
        StreamingChatModel down = house.streaming(simulator, "sim/503");
        return new StreamingChatModel() {
            @Override
            public void chat(ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
                (afterTool(request) ? down : up).chat(request, options, handler);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void aToolRunsOnceWhenTheCallAfterItFailsOver(Houses house) {
        Houses other = house == Houses.OPENAI ? Houses.ANTHROPIC : Houses.OPENAI;
        Harbour harbour = new Harbour();
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(ResilientChatModel.builder()
                        .route("first", downAfterTheTool(house))
                        .route("second", other.plain(simulator, "sim/tool"))
                        .holdfast(engine)
                        .build())
                .tools(harbour)
                .build();

        String text = assistant.chat("a berth, please");

        assertThat(text).isEqualTo(Simulator.textOf("sim/tool"));
        assertThat(harbour.booked).hasValue(1);
        assertThat(simulator.stats().byModel()).containsEntry("sim/503", 1L).containsEntry("sim/tool", 2L);
    }

    @ParameterizedTest
    @EnumSource
    void aToolRunsOnceWhenTheStreamAfterItFailsOver(Houses house) throws Exception {
        Houses other = house == Houses.OPENAI ? Houses.ANTHROPIC : Houses.OPENAI;
        Harbour harbour = new Harbour();
        StreamingAssistant assistant = AiServices.builder(StreamingAssistant.class)
                .streamingChatModel(ResilientStreamingChatModel.builder()
                        .route("first", downAfterTheToolStreaming(house))
                        .route("second", other.streaming(simulator, "sim/tool"))
                        .holdfast(engine)
                        .build())
                .tools(harbour)
                .build();

        CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
        assistant
                .chat("a berth, please")
                .onPartialResponse(text -> {})
                .onCompleteResponse(answer::complete)
                .onError(answer::completeExceptionally)
                .start();

        assertThat(answer.get(60, TimeUnit.SECONDS).aiMessage().text()).isEqualTo(Simulator.textOf("sim/tool"));
        assertThat(harbour.booked).hasValue(1);
    }

    private static ChatRequest.Builder asking(List<ChatMessage> messages) {
        return ChatRequest.builder()
                .messages(messages)
                .toolSpecifications(ToolSpecification.builder()
                        .name("book")
                        .parameters(JsonObjectSchema.builder()
                                .addStringProperty("port")
                                .required("port")
                                .build())
                        .build());
    }

    /** The call of one dialect and the tool's answer to it go to the other. */
    @ParameterizedTest
    @EnumSource
    void aStreamedCallOfAToolIsPassedOnAsItCame(Houses house) throws InterruptedException {
        StreamingChatModel model = ResilientStreamingChatModel.builder()
                .route("only", house.streaming(simulator, "sim/tool"))
                .holdfast(engine)
                .build();
        List<ChatMessage> conversation = new ArrayList<>(List.of(UserMessage.from("a berth, please")));
        Heard first = new Heard();
        model.chat(asking(conversation).build(), first);

        ChatResponse asked = first.awaitEnd().completion();
        ToolExecutionRequest call = asked.aiMessage().toolExecutionRequests().get(0);
        assertThat(asked.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(first.toolCalls).hasSize(1);
        assertThat(first.toolCalls.get(0).toolExecutionRequest().arguments()).isEqualTo(call.arguments());

        conversation.add(asked.aiMessage());
        conversation.add(ToolExecutionResultMessage.from(call, "berth 1"));
        Heard second = new Heard();
        model.chat(asking(conversation).build(), second);
        assertThat(second.awaitEnd().text()).isEqualTo(Simulator.textOf("sim/tool"));
    }
}
