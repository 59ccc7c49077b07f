// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.List;

/**
 * The rules of one provider family.
 *
 * @param id first part of the rule names
 * @param title the family as people write it
 * @param providers provider names (of targets, of {@link ErrorInput#provider()}) that belong to the family
 * @param rules in order; inside a {@link Rule.Step} the first that matches decides
 */
record RuleTable(String id, String title, List<String> providers, List<Rule> rules) {

    static RuleTable of(String id, String title, List<String> providers, Rule... rules) {
        return new RuleTable(id, title, providers, List.of(rules));
    }

    /** Whether the table belongs to no provider, or to what carries any of them. */
    boolean holdsForAll() {
        return providers.isEmpty() || id.equals("connection");
    }

    String nameOf(Rule rule) {
        return id + "." + rule.name();
    }
}
