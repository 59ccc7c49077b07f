// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.ArrayList;
import java.util.List;

/** The table that holds for all providers. */
final class SharedRules {

    static final RuleTable TABLE = new RuleTable("shared", "All providers", List.of(), true, rules());

    private static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>(StrongWords.RULES);
        rules.addAll(AccessWords.RULES);
        rules.addAll(LoadWords.STRONG);
        rules.addAll(SharedCodes.RULES);
        rules.addAll(LoadWords.WEAK);
        rules.addAll(StatusRules.RULES);
        return List.copyOf(rules);
    }

    private SharedRules() {}
}
