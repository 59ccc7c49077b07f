// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.ArrayList;
import java.util.List;

/** All rule tables, the shared one first. A new provider is a new table here. */
final class Tables {
    static final List<RuleTable> ALL = all();

    static final RuleBook BOOK = new RuleBook(ALL);

    private Tables() {}

    private static List<RuleTable> all() {
        List<RuleTable> tables = new ArrayList<>();
        tables.add(SharedRules.TABLE);
        tables.add(ConnectionRules.TABLE);
        tables.add(ModelHouseRules.OPENAI);
        tables.add(ModelHouseRules.ANTHROPIC);
        tables.add(ModelHouseRules.GOOGLE);
        tables.add(ModelHouseRules.BEDROCK);
        tables.addAll(HostRules.TABLES);
        tables.addAll(LocalServerRules.TABLES);
        tables.addAll(AsianHouseRules.TABLES);
        return List.copyOf(tables);
    }
}
