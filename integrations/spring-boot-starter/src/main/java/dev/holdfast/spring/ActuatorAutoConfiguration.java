// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Holdfast;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the actuator shows of the resilient models. */
@AutoConfiguration(after = HoldfastAutoConfiguration.class)
@ConditionalOnBean(ChatModelDecorator.class)
public class ActuatorAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    @ConditionalOnEnabledHealthIndicator("holdfast")
    static class Health {
        @Bean
        @ConditionalOnMissingBean(name = "holdfastHealthIndicator")
        ChatModelHealth holdfastHealthIndicator(Holdfast engine, ChatModelDecorator models) {
            return new ChatModelHealth(engine, models);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    static class Actuator {
        @Bean
        @ConditionalOnAvailableEndpoint(HoldfastEndpoint.class)
        HoldfastEndpoint holdfastEndpoint(Holdfast engine, ChatModelDecorator models) {
            return new HoldfastEndpoint(engine, models);
        }
    }
}
