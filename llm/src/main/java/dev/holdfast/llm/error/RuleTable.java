// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.List;

/**
 * The rules of one provider family.
 *
 * @param id first part of the rule names
 * @param title the family as people write it
 * @param providers provider names (of targets, of {@link ErrorInput#provider()}) that belong to the family
 * @param relaysOthers whether errors of every other family come through these providers, so that its rules are asked too
 * @param rules in order; inside a {@link Rule.Step} the first that matches decides
 */
record RuleTable(String id, String title, List<String> providers, boolean relaysOthers, List<Rule> rules) {

    static RuleTable of(String id, String title, List<String> providers, Rule... rules) {
        return new RuleTable(id, title, providers, false, List.of(rules));
    }

    /** The table of a gateway or proxy. */
    static RuleTable relay(String id, String title, List<String> providers, Rule... rules) {
        return new RuleTable(id, title, providers, true, List.of(rules));
    }

    /** Whether the table belongs to no provider, or to what carries any of them. */
    boolean holdsForAll() {
        return providers.isEmpty() || id.equals("connection");
    }

    String nameOf(Rule rule) {
        return id + "." + rule.name();
    }
}
