// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Attempt;
import dev.holdfast.HoldfastRuntime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.util.ClassUtils;

/**
 * Ties the requests of HTTP clients to the attempts that they are made for. The official clients make a request on another
 * thread than the one that asked, and forget it when nobody waits for it any more; a header of the request tells whose it is.
 * One for the process, because a client may serve models of several applications and engines. Thread-safe.
 */
final class RunningAttempts {
    /** Also what correlates our calls with the provider's logs. */
    static final String CALL_ID_HEADER = "x-holdfast-call-id";

    /** Between the model and its client only; {@link AttemptInterceptor} takes it off. */
    static final String ATTEMPT_HEADER = "x-holdfast-attempt";

    private static final boolean OPEN_AI = isPresent("org.springframework.ai.openai.OpenAiChatOptions");
    private static final boolean ANTHROPIC = isPresent("org.springframework.ai.anthropic.AnthropicChatOptions");

    private final Map<String, Attempt> running = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();

    private RunningAttempts() {}

    static RunningAttempts shared() {
        return HoldfastRuntime.shared(RunningAttempts.class, RunningAttempts::new);
    }

    private static boolean isPresent(String name) {
        return ClassUtils.isPresent(name, RunningAttempts.class.getClassLoader());
    }

    /** An attempt that is known here until it is over. */
    final class Entry implements AutoCloseable {
        private final String key;
        private final Attempt attempt;

        private Entry(String key, Attempt attempt) {
            this.key = key;
            this.attempt = attempt;
        }

        /** The prompt with what its client has to know; as it is where the model is of another kind. */
        Prompt marked(Prompt prompt, ChatModel model) {
            ChatOptions options = prompt.getOptions() != null ? prompt.getOptions() : model.getOptions();
            ChatOptions marked = OPEN_AI ? OpenAi.marked(options, this) : options;
            marked = ANTHROPIC ? Anthropic.marked(marked, this) : marked;
            return marked == options ? prompt : RouteOptions.with(prompt, marked);
        }

        private Map<String, String> added(@Nullable Map<String, String> headers) {
            Map<String, String> all = new HashMap<>(headers == null ? Map.of() : headers);
            all.put(CALL_ID_HEADER, attempt.callId());
            all.put(ATTEMPT_HEADER, key);
            return all;
        }

        @Override
        public void close() {
            running.remove(key);
        }
    }

    Entry enter(Attempt attempt) {
        String key = attempt.callId() + '.' + count.incrementAndGet();
        running.put(key, attempt);
        return new Entry(key, attempt);
    }

    /** The attempt of a request; null when it is over, or was never one of ours. */
    @Nullable
    Attempt of(String key) {
        return running.get(key);
    }

    int size() {
        return running.size();
    }

    private static final class OpenAi {
        static ChatOptions marked(ChatOptions options, Entry entry) {
            return options instanceof OpenAiChatOptions own
                    ? own.mutate()
                            .customHeaders(entry.added(own.getCustomHeaders()))
                            .build()
                    : options;
        }
    }

    private static final class Anthropic {
        static ChatOptions marked(ChatOptions options, Entry entry) {
            return options instanceof AnthropicChatOptions own
                    ? own.mutate()
                            .httpHeaders(entry.added(own.getHttpHeaders()))
                            .build()
                    : options;
        }
    }
}
