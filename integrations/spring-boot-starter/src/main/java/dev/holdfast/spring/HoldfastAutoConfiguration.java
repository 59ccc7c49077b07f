// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.CallObserver;
import dev.holdfast.ContextCarrier;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastBuilder;
import dev.holdfast.event.EventListener;
import dev.holdfast.micrometer.HoldfastMetrics;
import dev.holdfast.micrometer.SnapshotCarrier;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import org.springframework.ai.anthropic.http.okhttp.AnthropicHttpClientBuilderCustomizer;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.retry.RetryTemplate;

/**
 * Makes the chat models of a Spring Boot application resilient. The engine gives way to one of the
 * application's own, which should have its {@code threadBridge} on; listeners, observers and carriers that are beans go along.
 */
@AutoConfiguration
@ConditionalOnClass(ChatModel.class)
@ConditionalOnProperty(name = "holdfast.enabled", matchIfMissing = true)
@EnableConfigurationProperties(HoldfastProperties.class)
public class HoldfastAutoConfiguration {

    /** Ends what is left when the context closes; what runs was waited for by the lifecycle before. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Holdfast holdfast(
            HoldfastProperties properties,
            ObjectProvider<EventListener> listeners,
            ObjectProvider<CallObserver> observers,
            ObjectProvider<ContextCarrier> carriers) {
        HoldfastBuilder builder = Holdfast.builder()
                .config(EngineConfig.of(properties))
                .classifier(ModelErrors.CLASSIFIER)
                .threadBridge(true)
                .closeTimeout(Duration.ZERO);
        listeners.orderedStream().forEach(builder::listener);
        observers.orderedStream().forEach(builder::observer);
        carriers.orderedStream().forEach(builder::carrier);
        return builder.build();
    }

    @Bean
    HoldfastLifecycle holdfastLifecycle(Holdfast engine) {
        return new HoldfastLifecycle(engine);
    }

    @Bean
    ChatModelSettings holdfastChatModelSettings(HoldfastProperties properties) {
        return new ChatModelSettings(RunningAttempts.shared(), properties.stream().finishReasonRequired());
    }

    @Bean
    static ClientRetries holdfastClientRetries(ConfigurableListableBeanFactory beans, Environment environment) {
        return new ClientRetries(beans, environment);
    }

    @Bean
    static ChatModelDecorator holdfastChatModelDecorator(
            ListableBeanFactory beans,
            ObjectProvider<HoldfastProperties> properties,
            ObjectProvider<Holdfast> engine,
            ObjectProvider<ChatModelSettings> settings,
            ObjectProvider<ClientRetries> clientRetries) {
        return new ChatModelDecorator(beans, properties, engine, settings, clientRetries);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(OpenAiHttpClientBuilderCustomizer.class)
    static class OpenAi {
        @Bean
        OpenAiHttpClientBuilderCustomizer holdfastOpenAiHttpClient(ChatModelSettings settings) {
            AttemptInterceptor interceptor = new AttemptInterceptor(settings.running());
            return builder -> builder.interceptor(interceptor);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(AnthropicHttpClientBuilderCustomizer.class)
    static class Anthropic {
        @Bean
        AnthropicHttpClientBuilderCustomizer holdfastAnthropicHttpClient(ChatModelSettings settings) {
            AttemptInterceptor interceptor = new AttemptInterceptor(settings.running());
            return builder -> builder.interceptor(interceptor);
        }
    }

    /** Retried streams and hedged calls run on other threads than their caller's. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ContextSnapshotFactory.class)
    static class Contexts {
        @Bean
        @ConditionalOnMissingBean
        ContextCarrier holdfastContextCarrier() {
            return SnapshotCarrier.create();
        }
    }

    /** Bound by Spring Boot to every registry. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class Metrics {
        @Bean
        @ConditionalOnMissingBean
        HoldfastMetrics holdfastMetrics(Holdfast engine) {
            return HoldfastMetrics.of(engine);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ChatClient.class)
    static class Clients {
        @Bean
        @ConditionalOnMissingBean
        HoldfastAdvisor holdfastAdvisor(Holdfast engine) {
            return HoldfastAdvisor.of(engine, "chat-client");
        }

        @Bean
        @ConditionalOnProperty(name = "holdfast.advisor.enabled")
        ChatClientBuilderCustomizer holdfastChatClients(HoldfastAdvisor advisor) {
            return builder -> builder.defaultAdvisors(advisor);
        }
    }

    /** The models that Spring AI itself retries for do so by one bean. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "holdfast.client-retries", havingValue = "off", matchIfMissing = true)
    static class Retries {
        @Bean
        static BeanPostProcessor holdfastRetryTemplates(ConfigurableListableBeanFactory beans) {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof RetryTemplate template && isOfSpringAi(name)
                            ? new OnceInAttempt(template)
                            : bean;
                }

                private boolean isOfSpringAi(String name) {
                    String factory = beans.containsBeanDefinition(name)
                            ? beans.getMergedBeanDefinition(name).getFactoryBeanName()
                            : null;
                    return factory != null && factory.endsWith("SpringAiRetryAutoConfiguration");
                }
            };
        }
    }
}
