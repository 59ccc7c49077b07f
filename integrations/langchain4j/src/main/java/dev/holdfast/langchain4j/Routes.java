// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import dev.langchain4j.model.ModelProvider;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The delegates of one resilient model in failover order. Immutable. */
final class Routes<M> {
    private final Map<Target, M> models;
    private final Targets targets;

    private Routes(Map<Target, M> models) {
        this.models = models;
        this.targets = Targets.of(List.copyOf(models.keySet()));
    }

    /** @throws IllegalArgumentException if there is none, or more than 64 */
    static <M> Routes<M> of(Map<Target, M> models) {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("a resilient model needs at least one route");
        }
        return new Routes<>(new LinkedHashMap<>(models));
    }

    static <M> void add(Map<Target, M> models, Target target, M model) {
        Objects.requireNonNull(model, "model");
        boolean taken = models.keySet().stream().anyMatch(known -> known.name().equals(target.name()));
        if (taken) {
            throw new IllegalArgumentException("route " + target + " is named twice: give each a name of its own");
        }
        models.put(target, model);
    }

    Targets targets() {
        return targets;
    }

    M model(Target target) {
        return Objects.requireNonNull(models.get(target));
    }

    Collection<M> models() {
        return models.values();
    }

    /** Whether requests go here first: what a request says for one model in particular is meant for this one. */
    boolean isFirst(Target target) {
        return target.equals(targets.order().get(0));
    }

    /** What all routes have. */
    <E> Set<E> common(Function<M, Set<E>> of) {
        Set<E> common = null;
        for (M model : models.values()) {
            if (common == null) {
                common = new LinkedHashSet<>(of.apply(model));
            } else {
                common.retainAll(of.apply(model));
            }
        }
        return common == null ? Set.of() : Set.copyOf(common);
    }

    /** The provider of all routes, or {@link ModelProvider#OTHER} where they differ. */
    ModelProvider provider(Function<M, ModelProvider> of) {
        Set<ModelProvider> providers = EnumSet.noneOf(ModelProvider.class);
        models.values().forEach(model -> providers.add(of.apply(model)));
        return providers.size() == 1 ? providers.iterator().next() : ModelProvider.OTHER;
    }

    /** The name by which the classifier finds a provider's rules; null for the general ones. */
    static @Nullable String family(ModelProvider provider) {
        return switch (provider) {
            case OPEN_AI -> "openai";
            case ANTHROPIC -> "anthropic";
            case AZURE_OPEN_AI -> "azure_openai";
            case AMAZON_BEDROCK -> "bedrock";
            case GOOGLE_AI_GEMINI, GOOGLE_VERTEX_AI_GEMINI -> "gemini";
            case MISTRAL_AI -> "mistral";
            case OLLAMA -> "ollama";
            default -> null;
        };
    }
}
