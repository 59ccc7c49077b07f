// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.sample;

import dev.holdfast.CallException;
import dev.holdfast.llm.Advice;
import dev.holdfast.spring.ResilientChatModel;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** Ordinary code of Spring AI; that the model keeps standing is nothing it has to know. */
@RestController
class ChatController {
    private final ChatClient client;

    ChatController(@Qualifier("openAiChatModel") ChatModel model) {
        client = ChatClient.create(model);
    }

    record Answer(String text, String servedBy, int attempts) {}

    record Problem(String category, String message, String advice) {}

    /** @param model what the first provider is to be like, such as {@code sim/503} or {@code sim/fail=1} */
    @GetMapping("/chat")
    Answer chat(@RequestParam String message, @RequestParam @Nullable String model) {
        ChatResponse response =
                Objects.requireNonNull(asking(message, model).call().chatResponse());
        return new Answer(
                String.valueOf(
                        Objects.requireNonNull(response.getResult()).getOutput().getText()),
                response.getMetadata().getOrDefault(ResilientChatModel.SERVED_BY, ""),
                response.getMetadata().getOrDefault(ResilientChatModel.ATTEMPTS, 0));
    }

    @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<String> stream(@RequestParam String message, @RequestParam @Nullable String model) {
        return asking(message, model).stream().content();
    }

    private ChatClient.ChatClientRequestSpec asking(String message, @Nullable String model) {
        ChatClient.ChatClientRequestSpec asking = client.prompt().user(message);
        return model == null ? asking : asking.options(ChatOptions.builder().model(model));
    }

    /** What no model could serve is told with the reason, and with the time to come back where it is known. */
    @ExceptionHandler
    ResponseEntity<Problem> failed(CallException e) {
        ResponseEntity.BodyBuilder response = ResponseEntity.status(HttpStatus.BAD_GATEWAY);
        Duration retryAfter = e.retryAfter();
        if (retryAfter != null) {
            response.header("Retry-After", String.valueOf(retryAfter.toSeconds()));
        }
        return response.body(new Problem(e.category().word(), e.failure().message(), Advice.of(e.category(), null)));
    }
}
