// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.target.Target;
import org.springframework.ai.chat.model.ChatModel;

/**
 * A chat model as a place where a call may go.
 *
 * @param target by its bean's name
 * @param model the model itself, not made resilient
 */
record ChatRoute(Target target, ChatModel model) {
    static ChatRoute of(String name, ChatModel model) {
        String modelName = model.getOptions().getModel();
        return new ChatRoute(
                Target.builder(name)
                        .provider(name)
                        .model(modelName == null ? "" : modelName)
                        .build(),
                model);
    }
}
