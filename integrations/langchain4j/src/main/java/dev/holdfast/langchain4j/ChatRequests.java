// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import org.jspecify.annotations.Nullable;

/** What a request says to each route. */
final class ChatRequests {
    private ChatRequests() {}

    /**
     * The request without the name of a model, which only the first route can know: the others answer with their own. All
     * other parameters stay, those of one provider as far as the route's own parameters allow.
     *
     * @param own the parameters that the route's model has by default
     */
    static ChatRequest withoutModelName(ChatRequest request, @Nullable ChatRequestParameters own) {
        ChatRequestParameters parameters = request.parameters();
        if (parameters == null || parameters.modelName() == null) {
            return request;
        }
        String ownName = own == null ? null : own.modelName();
        ChatRequestParameters cleared = ownName != null
                ? parameters.overrideWith(
                        ChatRequestParameters.builder().modelName(ownName).build())
                : cleared(parameters);
        return ChatRequest.builder()
                .messages(request.messages())
                .parameters(cleared)
                .build();
    }

    @SuppressWarnings("NullAway") // null is how LangChain4j says that a parameter is not set
    private static ChatRequestParameters cleared(ChatRequestParameters parameters) {
        DefaultChatRequestParameters.Builder<?> builder = ChatRequestParameters.builder();
        builder.overrideWith(parameters);
        builder.modelName((String) null);
        return builder.build();
    }
}
