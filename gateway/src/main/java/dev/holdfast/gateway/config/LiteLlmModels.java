// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.gateway.config.Node.Mapping;
import dev.holdfast.gateway.config.Node.Scalar;
import dev.holdfast.gateway.config.Node.Sequence;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Our targets and models of LiteLLM's deployments. */
final class LiteLlmModels {
    static final String CONTEXT = "has no equivalent here: a prompt that is too long for one target goes to the model's next"
            + " ones, so add targets with more context at the end";
    static final String CONTENT = "has no equivalent here: an answer that was refused is asked of the model's next targets";

    private static final BigDecimal HEAVIEST = BigDecimal.valueOf(1_000_000);

    /** A target in a tier. */
    private record Member(String target, BigDecimal weight, LiteLlmDeployment deployment) {}

    /**
     * A model of ours.
     *
     * @param tiers as our file has them
     * @param deployments of all its tiers
     * @param own how many of them, from the first, are its own and not its fallbacks'
     */
    record Group(String name, String tiers, List<LiteLlmDeployment> deployments, int own) {}

    private final Problems notes;
    private final Map<String, String> targets = new LinkedHashMap<>();
    private final Map<String, List<List<Member>>> tiers = new LinkedHashMap<>();
    private final Map<String, List<String>> fallbacks = new LinkedHashMap<>();
    private final List<String> lastResorts = new ArrayList<>();
    private final Map<String, String> aliases = new LinkedHashMap<>();

    LiteLlmModels(
            List<LiteLlmDeployment> deployments, LiteLlmSection router, LiteLlmSection litellm, Problems notes) {
        this.notes = notes;
        Map<String, List<LiteLlmDeployment>> groups = new LinkedHashMap<>();
        Set<String> lower = new HashSet<>();
        for (LiteLlmDeployment deployment : deployments) {
            String name = deployment.group();
            String wrong = Names.wrong(name);
            if (wrong != null) {
                notes.add(deployment.line(), deployment.path() + ".model_name", wrong + "; it was left out");
            } else if (!groups.containsKey(name) && !lower.add(name.toLowerCase(Locale.ROOT))) {
                notes.add(
                        deployment.line(),
                        deployment.path() + ".model_name",
                        "differs from another model only in case and was left out");
            } else {
                groups.computeIfAbsent(name, key -> new ArrayList<>()).add(deployment);
            }
        }
        groups.forEach((name, members) -> tiers.put(name, tiersOf(members, groups.keySet())));
        tiers.values().removeIf(List::isEmpty);
        for (LiteLlmSection section : List.of(router, litellm)) {
            fallbacks(section);
        }
        aliases(router, lower);
    }

    boolean isEmpty() {
        return tiers.isEmpty();
    }

    /** Fields as our file has them, by name. */
    Map<String, String> targets() {
        return targets;
    }

    List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        tiers.keySet().forEach(name -> groups.add(group(name, name)));
        aliases.forEach((alias, name) -> groups.add(group(alias, name)));
        return groups;
    }

    private List<List<Member>> tiersOf(List<LiteLlmDeployment> deployments, Set<String> groups) {
        Map<Integer, List<Member>> byOrder = new TreeMap<>();
        Set<String> used = new HashSet<>();
        boolean weighted = deployments.stream().anyMatch(deployment -> deployment.weight() != null);
        boolean byRequests = deployments.stream().allMatch(deployment -> isStated(deployment.rpm()));
        boolean byTokens = deployments.stream().allMatch(deployment -> isStated(deployment.tpm()));
        for (LiteLlmDeployment deployment : deployments) {
            String target = target(deployment, groups);
            BigDecimal stated = deployment.weight() != null ? deployment.weight() : BigDecimal.ONE;
            // Shuffling goes by weight, else by rpm, else by tpm.
            BigDecimal weight = weighted
                    ? stated
                    : byRequests ? whole(deployment.rpm()) : byTokens ? whole(deployment.tpm()) : BigDecimal.ONE;
            if (weight.signum() == 0) {
                notes.add(deployment.line(), deployment.path(), "has the weight 0 and was left out of the model");
            } else if (!used.add(target)) {
                notes.add(deployment.line(), deployment.path(), "is the same as an earlier deployment of the model");
            } else {
                byOrder.computeIfAbsent(deployment.order(), order -> new ArrayList<>())
                        .add(new Member(target, weight, deployment));
            }
        }
        return new ArrayList<>(byOrder.values());
    }

    private static boolean isStated(@Nullable Integer limit) {
        return limit != null && limit > 0;
    }

    private static BigDecimal whole(@Nullable Integer number) {
        return BigDecimal.valueOf(number == null ? 1 : number);
    }

    private String target(LiteLlmDeployment deployment, Set<String> groups) {
        Map<String, String> fields = new LinkedHashMap<>(deployment.target());
        if (!deployment.headers().isEmpty()) {
            fields.put("headers", YamlText.line(deployment.headers()));
        }
        String text = YamlText.line(fields);
        for (Map.Entry<String, String> known : targets.entrySet()) {
            if (known.getValue().equals(text)) {
                return known.getKey();
            }
        }
        String plain = (deployment.target().get("provider") + "-" + deployment.target().get("model"))
                .replaceAll("[^A-Za-z0-9._-]+", "-")
                .replaceAll("-+$", "");
        String name = plain.length() > 100 ? plain.substring(0, 100) : plain;
        String free = name;
        for (int i = 2; targets.containsKey(free) || groups.contains(free); i++) {
            free = name + "-" + i;
        }
        targets.put(free, text);
        return free;
    }

    private void fallbacks(LiteLlmSection section) {
        for (Node item : section.list("fallbacks")) {
            if (!(item instanceof Mapping mapping)) {
                notes.add(item.line(), "fallbacks", "is not a mapping of a model to its fallbacks and was left out");
                continue;
            }
            mapping.entries().forEach((model, entry) -> {
                List<String> known = known(entry.value(), "fallbacks." + model);
                if (model.equals("*")) {
                    lastResorts.addAll(known);
                } else if (!tiers.containsKey(model)) {
                    notes.add(entry.line(), "fallbacks." + model, "there is no such model, so it was left out");
                } else {
                    fallbacks.computeIfAbsent(model, key -> new ArrayList<>()).addAll(known);
                }
            });
        }
        Node resorts = section.node("default_fallbacks");
        if (resorts != null) {
            lastResorts.addAll(known(resorts, "default_fallbacks"));
        }
    }

    private List<String> known(Node value, String path) {
        List<String> known = new ArrayList<>();
        List<Node> items = value instanceof Sequence sequence ? sequence.items() : List.of(value);
        for (Node item : items) {
            if (item instanceof Scalar scalar && tiers.containsKey(scalar.text())) {
                known.add(scalar.text());
            } else {
                notes.add(item.line(), path, "names something that is no converted model, so it was left out");
            }
        }
        return known;
    }

    private void aliases(LiteLlmSection router, Set<String> lower) {
        if (router.node("model_group_alias") == null) {
            return;
        }
        LiteLlmSection section = router.section("model_group_alias");
        for (String alias : section.keys()) {
            Node value = section.node(alias);
            String name = value instanceof Mapping ? section.section(alias).text("model") : section.text(alias);
            if (name == null || !tiers.containsKey(name) || Names.wrong(alias) != null) {
                section.note(alias, "is no alias of a converted model, so it was left out");
            } else if (!lower.add(alias.toLowerCase(Locale.ROOT)) || targets.containsKey(alias)) {
                section.note(alias, "is the name of something else already, so it was left out");
            } else {
                aliases.put(alias, name);
            }
        }
    }

    /** The tiers of a model, then those of its fallbacks and theirs, each target once. */
    private Group group(String name, String model) {
        Set<String> order = new LinkedHashSet<>();
        follow(model, order);
        lastResorts.forEach(last -> follow(last, order));
        Set<String> used = new HashSet<>();
        List<String> texts = new ArrayList<>();
        List<LiteLlmDeployment> deployments = new ArrayList<>();
        int own = 0;
        for (String step : order) {
            for (List<Member> tier : tiers.getOrDefault(step, List.of())) {
                List<Member> fresh = tier.stream().filter(member -> used.add(member.target())).toList();
                if (!fresh.isEmpty()) {
                    texts.add(text(fresh));
                    fresh.forEach(member -> deployments.add(member.deployment()));
                }
            }
            own = step.equals(model) ? deployments.size() : own;
        }
        return new Group(name, "[" + String.join(", ", texts) + "]", deployments, own);
    }

    private void follow(String model, Set<String> order) {
        if (order.add(model)) {
            fallbacks.getOrDefault(model, List.of()).forEach(next -> follow(next, order));
        }
    }

    private static String text(List<Member> tier) {
        if (tier.size() == 1) {
            return tier.get(0).target();
        }
        BigDecimal least = tier.stream().map(Member::weight).min(BigDecimal::compareTo).orElseThrow();
        return tier.stream()
                .map(member -> {
                    BigDecimal weight = member.weight().divide(least, 3, RoundingMode.HALF_UP).stripTrailingZeros();
                    return weight.compareTo(BigDecimal.ONE) == 0
                            ? member.target()
                            : "{ target: " + member.target() + ", weight: "
                                    + weight.min(HEAVIEST).toPlainString() + " }";
                })
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
