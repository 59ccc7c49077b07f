// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.List;

/** All rule tables. A new provider is a new table here. */
final class Tables {
    static final List<RuleTable> ALL = List.of(
            SharedRules.TABLE,
            ConnectionRules.TABLE,
            ModelHouseRules.OPENAI,
            ModelHouseRules.ANTHROPIC,
            ModelHouseRules.GOOGLE,
            ModelHouseRules.BEDROCK,
            HostRules.MISTRAL,
            HostRules.XAI,
            HostRules.DEEPSEEK,
            HostRules.FIREWORKS,
            HostRules.OPENROUTER,
            HostRules.LITELLM,
            HostRules.OLLAMA,
            HostRules.HUGGING_FACE,
            HostRules.EDGE);

    static final RuleBook BOOK = new RuleBook(ALL);

    private Tables() {}
}
