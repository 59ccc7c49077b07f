// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Defaults of other projects' properties that go with resilient models. They stand behind everything that the application
 * sets itself.
 */
final class HoldfastDefaults implements EnvironmentPostProcessor {
    static final String NAME = "holdfastDefaults";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!environment.getProperty("holdfast.enabled", Boolean.class, true)) {
            return;
        }
        Map<String, Object> defaults = new LinkedHashMap<>();
        if (!environment.getProperty("holdfast.client-retries", "off").equalsIgnoreCase("keep")) {
            // whoever sets the one for all of OpenAI means chat too
            if (!environment.containsProperty("spring.ai.openai.max-retries")) {
                defaults.put("spring.ai.openai.chat.max-retries", "0");
            }
            defaults.put("spring.ai.anthropic.max-retries", "0");
        }
        // theirs covers a whole stream: at its 60 s it would end one that is well
        String attempt = environment.getProperty("holdfast.timeouts.attempt", "10m");
        if (!environment.containsProperty("spring.ai.openai.timeout")) {
            defaults.put("spring.ai.openai.chat.timeout", attempt);
        }
        defaults.put("spring.ai.anthropic.timeout", attempt);
        // without a place in the order a status is overlooked by those of other components
        defaults.put("management.endpoint.health.status.order", "down,out-of-service,degraded,up,unknown");
        environment.getPropertySources().addLast(new MapPropertySource(NAME, defaults));
    }
}
