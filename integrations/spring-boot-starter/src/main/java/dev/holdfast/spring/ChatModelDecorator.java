// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Makes the {@link ChatModel} beans resilient, each under its own name. The beans that stand in for one are looked up when
 * it is first called. Thread-safe.
 */
final class ChatModelDecorator implements BeanPostProcessor, SmartInitializingSingleton {
    private final ListableBeanFactory beans;
    private final ObjectProvider<HoldfastProperties> properties;
    private final ObjectProvider<Holdfast> engine;
    private final ObjectProvider<ChatModelSettings> settings;
    private final ObjectProvider<ClientRetries> clientRetries;
    private final Map<String, ResilientChatModel> decorated = new ConcurrentHashMap<>();

    ChatModelDecorator(
            ListableBeanFactory beans,
            ObjectProvider<HoldfastProperties> properties,
            ObjectProvider<Holdfast> engine,
            ObjectProvider<ChatModelSettings> settings,
            ObjectProvider<ClientRetries> clientRetries) {
        this.beans = beans;
        this.properties = properties;
        this.engine = engine;
        this.settings = settings;
        this.clientRetries = clientRetries;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof ChatModel model) || bean instanceof ResilientChatModel || !isWanted(name)) {
            return bean;
        }
        clientRetries.getObject().look(name, model);
        ChatRoutes routes = new ChatRoutes(ChatRoute.of(name, model), () -> standIns(name));
        ResilientChatModel resilient =
                new ResilientChatModel(engine.getObject(), routes, settings.getObject(), CallOptions.none());
        decorated.put(name, resilient);
        return resilient;
    }

    private boolean isWanted(String name) {
        return properties.getObject().models().isEmpty()
                || properties.getObject().models().contains(name);
    }

    private List<ChatRoute> standIns(String name) {
        List<ChatRoute> routes = new ArrayList<>();
        for (String standIn : properties.getObject().failover().getOrDefault(name, List.of())) {
            ChatModel bean = beans.getBean(standIn, ChatModel.class);
            routes.add(bean instanceof ResilientChatModel one ? one.routes().first() : ChatRoute.of(standIn, bean));
        }
        return routes;
    }

    /** The resilient models by the names of their beans, as far as these have been made. */
    Map<String, ResilientChatModel> decorated() {
        return new TreeMap<>(decorated);
    }

    /** Names that are wrong are told at the start, not when the first model fails. */
    @Override
    public void afterSingletonsInstantiated() {
        Collection<String> known = new TreeSet<>(List.of(beans.getBeanNamesForType(ChatModel.class, true, false)));
        for (String name : properties.getObject().models()) {
            if (!known.contains(name)) {
                throw unknown("holdfast.models", name, known);
            }
        }
        properties.getObject().failover().forEach((name, standIns) -> {
            String property = "holdfast.failover." + name;
            if (!known.contains(name)) {
                throw unknown(property, name, known);
            }
            for (String standIn : standIns) {
                if (!known.contains(standIn)) {
                    throw unknown(property, standIn, known);
                }
            }
            if (standIns.contains(name) || standIns.stream().distinct().count() < standIns.size()) {
                throw new InvalidConfigurationPropertyValueException(
                        property, standIns, "A bean is named twice; " + name + " itself always comes first.");
            }
        });
    }

    private static InvalidConfigurationPropertyValueException unknown(
            String property, String name, Collection<String> known) {
        return new InvalidConfigurationPropertyValueException(
                property, name, "There is no ChatModel bean of this name; there are " + known + ".");
    }
}
