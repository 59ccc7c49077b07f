// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.gateway.config.GatewayConfig.Model;
import dev.holdfast.gateway.config.Section.Item;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the models: names that clients use, with their targets in tiers and their policy. */
final class ModelReader {
    private static final double SMALLEST_WEIGHT = 1e-6;
    private static final double LARGEST_WEIGHT = 1e6;

    private final Set<String> targets;
    private final Set<String> policies;
    private final Problems problems;

    /** @param targets the names of all, those with problems included */
    ModelReader(Set<String> targets, Set<String> policies, Problems problems) {
        this.targets = targets;
        this.policies = policies;
        this.problems = problems;
    }

    Map<String, Model> read(Section models) {
        Map<String, Model> read = new LinkedHashMap<>();
        Map<String, String> lower = new LinkedHashMap<>();
        models.named().forEach((name, item) -> {
            Names.check(name, item, models);
            String other = lower.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            if (other != null) {
                models.problem(item, "differs from the model '" + other + "' only in case, which clients mix up");
            }
            Section section = Section.of(item, problems);
            Model model = model(name, section);
            section.end();
            if (targets.contains(name)
                    && model.tiers().stream().noneMatch(tier -> tier.containsKey(name))
                    && !model.tiers().isEmpty()) {
                models.problem(item, "is also the name of a target, which this model does not use: rename one of them");
            }
            read.put(name, model);
        });
        return read;
    }

    private Model model(String name, Section section) {
        List<Map<String, Double>> tiers = new ArrayList<>();
        Set<String> used = new HashSet<>();
        section.require("targets", "the targets in failover order, for example targets: [gpt, claude]");
        List<Item> items = section.list("targets");
        for (Item item : items) {
            Map<String, Double> tier = tier(item, section, used);
            if (!tier.isEmpty()) {
                tiers.add(tier);
            }
        }
        if (items.isEmpty() && section.isStated("targets")) {
            section.problem("targets", "must name at least one target");
        }
        String policy = section.text("policy");
        if (policy != null && !policies.contains(policy)) {
            section.problem("policy", unknown("policy", policy, policies));
        }
        return new Model(name, tiers, policy == null ? GatewayConfig.STANDARD : policy);
    }

    private Map<String, Double> tier(Item item, Section section, Set<String> used) {
        Map<String, Double> tier = new LinkedHashMap<>();
        if (item.value() instanceof Node.Sequence) {
            List<Item> members = Section.list(item, problems);
            members.forEach(member -> member(member, section, used, tier, true));
            if (members.isEmpty()) {
                section.problem(item, "a tier needs at least one target");
            }
        } else {
            member(item, section, used, tier, false);
        }
        return tier;
    }

    private void member(Item item, Section section, Set<String> used, Map<String, Double> tier, boolean inTier) {
        String target;
        double weight = 1;
        if (item.value() instanceof Node.Mapping) {
            Section weighted = Section.of(item, problems);
            target = weighted.requiredText("target", "the name of a target");
            weight = weighted.number("weight", 1, SMALLEST_WEIGHT, LARGEST_WEIGHT);
            if (!inTier && weighted.isStated("weight")) {
                weighted.problem(
                        "weight", "means something beside others only: put it into an inner list, one balanced tier");
            }
            weighted.end();
        } else {
            target = Section.word(item, problems);
        }
        if (target == null) {
            return;
        }
        if (!targets.contains(target)) {
            section.problem(item, unknown("target", target, targets));
        } else if (!used.add(target)) {
            section.problem(item, "the target '" + target + "' stands twice in this model: name each once");
        } else {
            tier.put(target, weight);
        }
    }

    private static String unknown(String what, @Nullable String name, Set<String> known) {
        return "there is no " + what + " '" + name + "'" + Nearest.hint(String.valueOf(name), known)
                + (known.isEmpty() ? "" : "; known: " + String.join(", ", known));
    }
}
