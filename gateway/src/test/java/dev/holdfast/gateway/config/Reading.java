// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;

/** Reading configurations in an environment of known keys. */
final class Reading {
    static final Map<String, String> ENVIRONMENT = Map.of(
            "TEAM_A_KEY", "team-a-key",
            "OPENAI_API_KEY", "sk-openai",
            "ANTHROPIC_API_KEY", "sk-ant-anthropic");

    /** The least that is valid. */
    static final String SMALL = """
            targets:
              gpt: { provider: openai, model: gpt-4o-mini }
            models:
              default: { targets: [gpt] }
            """;

    private Reading() {}

    static GatewayConfig read(String yaml) {
        return new ConfigReader(ENVIRONMENT::get).read("test.yaml", yaml);
    }

    /** Each as {@code line key: message}. */
    static List<String> problems(String yaml) {
        return problems(yaml, ENVIRONMENT);
    }

    static List<String> problems(String yaml, Map<String, String> environment) {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> new ConfigReader(environment::get).read("test.yaml", yaml));
        return refused == null
                ? List.of()
                : refused.problems().stream()
                        .map(problem -> problem.line() + " " + problem.key() + ": " + problem.message())
                        .toList();
    }
}
