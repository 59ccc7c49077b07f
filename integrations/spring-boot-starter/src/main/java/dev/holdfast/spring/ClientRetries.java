// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Looks whether the client of a chat model retries by itself, and says so once, at the start: then each attempt here would
 * be several requests at the provider.
 */
final class ClientRetries {
    private static final Log LOG = LogFactory.getLog(ClientRetries.class);

    /** Of the models that Spring AI configures, the first that is set counts. */
    private static final List<String> OPEN_AI =
            List.of("spring.ai.openai.chat.max-retries", "spring.ai.openai.max-retries");

    private static final List<String> ANTHROPIC = List.of("spring.ai.anthropic.max-retries");

    private final ConfigurableListableBeanFactory beans;
    private final Environment environment;

    ClientRetries(ConfigurableListableBeanFactory beans, Environment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    void look(String name, ChatModel model) {
        String origin = origin(name);
        if (origin.endsWith("OpenAiChatAutoConfiguration")) {
            lookAt(name, OPEN_AI);
        } else if (origin.endsWith("AnthropicChatAutoConfiguration")) {
            lookAt(name, ANTHROPIC);
        } else {
            int retries = retries(model.getOptions());
            if (retries > 0) {
                warn(name, retries, "build it with maxRetries(0) in its options");
            }
        }
    }

    private void lookAt(String name, List<String> properties) {
        for (String property : properties) {
            Integer retries = environment.getProperty(property, Integer.class);
            if (retries != null) {
                if (retries > 0) {
                    warn(name, retries, "leave " + property + " unset, or set it to 0");
                }
                return;
            }
        }
    }

    private static void warn(String name, int retries, String what) {
        LOG.warn("The client of the chat model '" + name + "' retries up to " + retries
                + " times by itself inside each attempt, so retries multiply: " + what + ".");
    }

    /** The configuration that makes the bean; empty where that is not known. */
    private String origin(String name) {
        if (!beans.containsBeanDefinition(name)) {
            return "";
        }
        BeanDefinition definition = beans.getMergedBeanDefinition(name);
        String factory = definition.getFactoryBeanName();
        return factory == null ? "" : factory;
    }

    /** Options of several clients say so, without a common type. */
    private static int retries(ChatOptions options) {
        BeanWrapperImpl properties = new BeanWrapperImpl(options);
        @Nullable
        Object value = properties.isReadableProperty("maxRetries") ? properties.getPropertyValue("maxRetries") : null;
        return value instanceof Integer retries ? retries : 0;
    }
}
