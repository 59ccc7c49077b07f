// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.Client;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.holdfast.Holdfast;
import dev.holdfast.anthropic.GuardedAnthropic;
import dev.holdfast.anthropic.GuardedInterceptor;
import dev.holdfast.langchain4j.ResilientChatModel;
import dev.holdfast.langchain4j.ResilientStreamingChatModel;
import dev.holdfast.langchain4j.http.HoldfastHttpClientBuilder;
import dev.holdfast.openai.GuardedOpenAI;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The clients, all with a timeout of two seconds and otherwise as they come. */
final class Subjects {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private Subjects() {}

    /** The versions that were put to the test, as far as their jars tell. */
    static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("LangChain4j, OpenAI", version(OpenAiChatModel.class));
        versions.put("LangChain4j, Anthropic", version(AnthropicChatModel.class));
        versions.put("openai-java", version(OpenAIClient.class));
        versions.put("anthropic-java", version(AnthropicClient.class));
        versions.put(GeminiSubjects.NAME, version(Client.class));
        return versions;
    }

    /** From the jar's name: not all of them have it in their manifest. */
    private static String version(Class<?> type) {
        String jar = type.getProtectionDomain().getCodeSource().getLocation().getPath();
        return jar.replaceAll(".*-(\\d[^/]*)\\.jar", "$1");
    }

    /** By their names, as they are. */
    static Map<String, Function<String, Subject>> bare() {
        Map<String, Function<String, Subject>> subjects = new LinkedHashMap<>();
        subjects.put("LangChain4j, OpenAI", url -> models(true, url, null));
        subjects.put("LangChain4j, Anthropic", url -> models(false, url, null));
        subjects.put("openai-java", url -> (model, stream, heard) -> {
            try (Closing<OpenAIClient> client = new Closing<>(
                    OpenAIOkHttpClient.builder()
                            .baseUrl(url + "/v1")
                            .apiKey("key-" + model)
                            .timeout(TIMEOUT)
                            .build(),
                    OpenAIClient::close)) {
                ask(client.value(), model, stream, heard);
            }
        });
        subjects.put("anthropic-java", url -> (model, stream, heard) -> {
            try (Closing<AnthropicClient> client =
                    new Closing<>(anthropic(url, model).build(), AnthropicClient::close)) {
                ask(client.value(), model, stream, heard);
            }
        });
        subjects.put(GeminiSubjects.NAME, GeminiSubjects::bare);
        return subjects;
    }

    /** The same, guarded. */
    static Map<String, Function<String, Subject>> guarded(Holdfast engine) {
        Map<String, Function<String, Subject>> subjects = new LinkedHashMap<>();
        subjects.put("LangChain4j, OpenAI", url -> models(true, url, engine));
        subjects.put("LangChain4j, Anthropic", url -> models(false, url, engine));
        subjects.put("openai-java", url -> (model, stream, heard) -> {
            ClientOptions.Builder options = ClientOptions.builder()
                    .baseUrl(url + "/v1")
                    .apiKey("key-" + model)
                    .timeout(TIMEOUT);
            ask(GuardedOpenAI.client(options, engine), model, stream, heard);
        });
        subjects.put("anthropic-java", url -> (model, stream, heard) -> {
            AnthropicClient client = GuardedAnthropic.client(
                    anthropic(url, model),
                    GuardedInterceptor.builder(engine).ownTransport().build());
            try (Closing<AnthropicClient> closing = new Closing<>(client, AnthropicClient::close)) {
                ask(closing.value(), model, stream, heard);
            }
        });
        subjects.put(GeminiSubjects.NAME, GeminiSubjects.guarded(engine));
        return subjects;
    }

    private record Closing<T>(T value, Consumer<T> end) implements AutoCloseable {
        @Override
        public void close() {
            end.accept(value);
        }
    }

    private static AnthropicOkHttpClient.Builder anthropic(String url, String model) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(url)
                .apiKey("key-" + model)
                .timeout(TIMEOUT);
    }

    private static void ask(OpenAIClient client, String model, boolean stream, Heard heard) {
        ChatCompletionCreateParams question = ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("hello")
                .build();
        if (stream) {
            try (var chunks = client.chat().completions().createStreaming(question)) {
                chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .forEach(choice -> choice.delta().content().ifPresent(heard::text));
            }
        } else {
            heard.text(client.chat()
                    .completions()
                    .create(question)
                    .choices()
                    .get(0)
                    .message()
                    .content()
                    .orElse(""));
        }
        heard.complete();
    }

    private static void ask(AnthropicClient client, String model, boolean stream, Heard heard) {
        MessageCreateParams question = MessageCreateParams.builder()
                .model(model)
                .maxTokens(100)
                .addUserMessage("hello")
                .build();
        if (stream) {
            try (var events = client.messages().createStreaming(question)) {
                events.stream()
                        .flatMap(event -> event.contentBlockDelta().stream())
                        .flatMap(delta -> delta.delta().text().stream())
                        .forEach(delta -> heard.text(delta.text()));
            }
        } else {
            heard.text(
                    client.messages().create(question).content().get(0).asText().text());
        }
        heard.complete();
    }

    /** @param engine guards; null leaves the models alone */
    private static Subject models(boolean openAi, String url, @Nullable Holdfast engine) {
        return (model, stream, heard) -> {
            if (stream) {
                StreamingChatModel streaming =
                        openAi ? openAiStreaming(url, model, engine) : anthropicStreaming(url, model, engine);
                ask(engine == null ? streaming : guarded(engine, model, streaming), heard);
            } else {
                ChatModel plain = openAi ? openAiPlain(url, model, engine) : anthropicPlain(url, model, engine);
                ask(engine == null ? plain : guarded(engine, model, plain), heard);
            }
        };
    }

    private static HttpClientBuilder http(@Nullable Holdfast engine) {
        return engine == null ? new JdkHttpClientBuilder() : new HoldfastHttpClientBuilder();
    }

    private static ChatModel guarded(Holdfast engine, String name, ChatModel model) {
        return ResilientChatModel.builder()
                .holdfast(engine)
                .route("model/" + name, model)
                .build();
    }

    private static StreamingChatModel guarded(Holdfast engine, String name, StreamingChatModel model) {
        return ResilientStreamingChatModel.builder()
                .holdfast(engine)
                .route("model/" + name, model)
                .build();
    }

    private static ChatModel openAiPlain(String url, String model, @Nullable Holdfast engine) {
        return OpenAiChatModel.builder()
                .httpClientBuilder(http(engine))
                .baseUrl(url + "/v1")
                .apiKey("key")
                .modelName(model)
                .timeout(TIMEOUT)
                .build();
    }

    private static StreamingChatModel openAiStreaming(String url, String model, @Nullable Holdfast engine) {
        return OpenAiStreamingChatModel.builder()
                .httpClientBuilder(http(engine))
                .baseUrl(url + "/v1")
                .apiKey("key")
                .modelName(model)
                .timeout(TIMEOUT)
                .build();
    }

    private static ChatModel anthropicPlain(String url, String model, @Nullable Holdfast engine) {
        return AnthropicChatModel.builder()
                .httpClientBuilder(http(engine))
                .baseUrl(url + "/v1")
                .apiKey("key")
                .modelName(model)
                .timeout(TIMEOUT)
                .maxTokens(100)
                .build();
    }

    private static StreamingChatModel anthropicStreaming(String url, String model, @Nullable Holdfast engine) {
        return AnthropicStreamingChatModel.builder()
                .httpClientBuilder(http(engine))
                .baseUrl(url + "/v1")
                .apiKey("key")
                .modelName(model)
                .timeout(TIMEOUT)
                .maxTokens(100)
                .build();
    }

    private static void ask(ChatModel model, Heard heard) {
        heard.text(model.chat("hello"));
        heard.complete();
    }

    private static void ask(StreamingChatModel model, Heard heard) {
        model.chat("hello", new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String partial) {
                heard.text(partial);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                heard.complete();
            }

            @Override
            public void onError(Throwable error) {
                heard.error(error);
            }
        });
    }
}
