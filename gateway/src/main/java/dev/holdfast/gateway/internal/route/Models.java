// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.route;

import dev.holdfast.Holdfast;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import dev.holdfast.target.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One configuration, made ready to be called: engines, targets, models. Immutable.
 *
 * @param upstreams by the name of the target, in the order of the configuration
 * @param engines by policy
 * @param drained names of targets that get no new calls
 */
record Models(
        GatewayConfig config,
        Map<String, Upstream> upstreams,
        Map<String, Holdfast> engines,
        Map<String, ModelRoute> routes,
        Set<String> drained) {

    /** @param before whose engines and targets are kept where the configuration of both is the same; null for none */
    static Models of(GatewayConfig config, @Nullable Models before, Set<String> drained, Engines making) {
        Map<String, Holdfast> engines = new HashMap<>();
        config.policies().forEach((name, policy) -> {
            Holdfast earlier = before == null ? null : before.engines.get(name);
            boolean same = earlier != null && earlier.config().equals(policy);
            engines.put(name, same ? earlier : making.engine(policy, earlier));
        });
        Map<String, Upstream> upstreams = new LinkedHashMap<>();
        config.targets().forEach((name, target) -> {
            Upstream earlier = before == null ? null : before.upstreams.get(name);
            boolean same = earlier != null && earlier.config().equals(target);
            upstreams.put(name, same ? earlier : new Upstream(target, earlier == null ? null : earlier.target()));
        });
        return assembled(config, upstreams, engines, Set.copyOf(drained));
    }

    /** The same with other targets drained. */
    Models withDrained(Set<String> names) {
        return assembled(config, upstreams, engines, Set.copyOf(names));
    }

    private static Models assembled(
            GatewayConfig config, Map<String, Upstream> upstreams, Map<String, Holdfast> engines, Set<String> drained) {
        Map<String, ModelRoute> routes = new LinkedHashMap<>();
        config.models().forEach((name, model) -> {
            Holdfast engine = Objects.requireNonNull(engines.get(model.policy()), "a policy of the configuration");
            Map<Target, Upstream> served = new HashMap<>();
            List<Tier> tiers = new ArrayList<>();
            for (Map<String, Double> weights : model.tiers()) {
                List<Target> targets = new ArrayList<>();
                List<Double> shares = new ArrayList<>();
                weights.forEach((targetName, weight) -> {
                    Upstream upstream = Objects.requireNonNull(upstreams.get(targetName), "a configured target");
                    served.put(upstream.target(), upstream);
                    if (!drained.contains(targetName)) {
                        targets.add(upstream.target());
                        shares.add(weight);
                    }
                });
                if (!targets.isEmpty()) {
                    tiers.add(new Tier(targets, shares));
                }
            }
            Targets all = tiers.isEmpty() ? null : Targets.tiers(tiers);
            routes.put(name, new ModelRoute(name, all, engine, Map.copyOf(served)));
        });
        return new Models(config, upstreams, engines, routes, drained);
    }

    /** Engines that may send calls to this target. */
    List<Holdfast> enginesOf(Target target) {
        return routes.values().stream()
                .filter(route -> route.upstreams().containsKey(target))
                .map(ModelRoute::engine)
                .distinct()
                .toList();
    }

    Holdfast standardEngine() {
        return Objects.requireNonNull(engines.get(GatewayConfig.STANDARD), "the standard policy");
    }
}
