// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import static dev.holdfast.gateway.config.Reading.SMALL;
import static dev.holdfast.gateway.config.Reading.problems;
import static dev.holdfast.gateway.config.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong in a file is told with its line, its key and what to write instead. */
class ConfigProblemsTest {
    /** Line 5 of a file that is valid otherwise. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "keep_alife: 1s | keep_alife | did you mean 'keep_alive'",
                "keepAlive: 1s | keepAlive | did you mean 'keep_alive'",
                "keep_alive: 15 | keep_alive | for example 15s",
                "keep_alive: 0s | keep_alive | longer than zero",
                "keep_alive: -1s | keep_alive | must be a duration",
                "keep_alive: 15 s | keep_alive | must be a duration",
                "keep_alive: 9000h | keep_alive | longer than a year",
                "keep_alive: [1s] | keep_alive | single value, not a list",
                "keep_alive: | keep_alive | has no value",
                "keep_alive: ~ | keep_alive | has no value",
                "observability: open | observability | private or public",
                "listen: { port: 65536 } | listen.port | from 0 to 65535",
                "listen: { port: -1 } | listen.port | from 0 to 65535",
                "listen: { port: 4_000 } | listen.port | plain decimal digits",
                "listen: { port: 0x10 } | listen.port | plain decimal digits",
                "listen: { port: 010 } | listen.port | plain decimal digits",
                "listen: { port: 1e3 } | listen.port | plain decimal digits",
                "listen: { port: 4000.5 } | listen.port | whole number",
                "listen: { port: '4000' } | listen.port | without quotes",
                "listen: { host: 0.0.0.0 } | listen.host | no client needs a key",
                "listen: { host: '::' } | listen.host | no client needs a key",
                "listen: { host: gateway.example } | listen.host | no client needs a key",
                "listen: { host: 'http://127.0.0.1' } | listen.host | without scheme",
                "listen: 4000 | listen | must be a mapping of keys to values, not a single value",
                "access_log: { enabled: no } | access_log.enabled | true or false, not 'no'",
                "access_log: { enabled: True } | access_log.enabled | true or false, not 'True'",
                "access_log: { enabled: 1 } | access_log.enabled | true or false, not '1'",
                "limits: { body: 32MB } | limits.body | a size such as",
                "limits: { body: 100B } | limits.body | must be from 1024B",
                "limits: { body: 4096MiB } | limits.body | must be from 1024B",
                "limits: { connections: 0 } | limits.connections | from 1 to 1000000",
                "clients: [{ name: a }] | clients[0].key | is missing",
                "clients: [{ key: a }] | clients[0].name | is missing",
                "clients: [{ name: a, key: '' }] | clients[0].key | must not be empty",
                "clients: [{ name: a b, key: x }] | clients[0] | no space",
                "clients: [{ name: a, key: x }, { name: b, key: x }] | clients[1].key | same as that of client 'a'",
                "clients: [{ name: a, key: x }, { name: a, key: y }] | clients[1].name | another client",
                "clients: [{ name: a, key: x, models: [defalt] }] | clients[0].models[0] | did you mean 'default'",
                "clients: [{ name: a, key: x, models: [] }] | clients[0].models | names none",
                "clients: { a: x } | clients | must be a list",
                "policies: { standard: { retry: { max_attempts: 0 } } } | policies.standard.retry.max_attempts | at least 1",
                "policies: { standard: { retry: { maxattempt: 2 } } } | policies.standard.retry.maxattempt | 'max_attempts'",
                "policies: { standard: { retry: { backoff: { jitter: half } } } } | policies.standard.retry.backoff.jitter | full",
                "policies: { standard: { retry: { attempts_per_category: { timeuot: 2 } } } } | policies.standard.retry.attempts_per_category.timeuot | 'timeout'",
                "policies: { standard: { circuit: { window_size: 5 } } } | policies.standard.circuit.window_size | must be from 20 (minimum_attempts",
                "policies: { standard: { circuit: { failure_rate: 0 } } } | policies.standard.circuit.failure_rate | to 1",
                "policies: { standard: { circuit: { recovery: 2m, max_recovery: 1m } } } | policies.standard.circuit.max_recovery | not be shorter than recovery, 2m",
                "policies: { standard: { circuit: { counted: [timeout, nework] } } } | policies.standard.circuit.counted[1] | 'network'",
                "policies: { standard: { hedge: { quantile: 1 } } } | policies.standard.hedge.quantile | below 1",
                "policies: { standard: { budget: { cost: 600 } } } | policies.standard.budget.cost | from 0 to the capacity 500",
                "policies: { standard: { budget: { throttled_cost: 600 } } } | policies.standard.budget.throttled_cost | from 0 to the capacity 500",
                "policies: { standard: { deadline: 0s } } | policies.standard.deadline | longer than zero",
                "policies: { standard: { limits: { concurrency: { decrease: 1 } } } } | policies.standard.limits.concurrency.decrease | 0.999",
            })
    void aProblemNamesItsLineItsKeyAndTheWayOut(String line, String key, String words) {
        List<String> problems = problems(SMALL + line + "\n");

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0)).startsWith("5 " + key + ": ").contains(words);
    }

    /** Line 2 of a file whose model names the target gpt. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ provider: opnai, model: m } | targets.gpt.provider | did you mean 'openai'",
                "{ model: m } | targets.gpt.provider | is missing",
                "{ provider: openai } | targets.gpt.model | is missing",
                "{ provider: openai, model: '' } | targets.gpt.model | must not be empty",
                "{ provider: groq, model: m } | targets.gpt.api_key | set GROQ_API_KEY, or write api_key",
                "{ provider: azure-openai, model: m, api_key: k } | targets.gpt.base_url | set AZURE_OPENAI_BASE_URL, or write base_url",
                "{ provider: sim, model: ok } | targets.gpt.base_url | SIM_BASE_URL",
                "{ provider: openai, model: m, base_url: 'localhost:1' } | targets.gpt.base_url | absolute http or https URL",
                "{ provider: openai, model: m, base_url: 'ftp://h' } | targets.gpt.base_url | absolute http or https URL",
                "{ provider: openai, model: m, base_url: 'http://h/?a' } | targets.gpt.base_url | neither user, query",
                "{ provider: openai, model: m, api_key: x, pass_through: true } | targets.gpt.pass_through | remove one of them",
                "{ provider: openai, model: m, api_key: \"a\\tb\\u00e9\" } | targets.gpt.api_key | printable ASCII",
                "{ provider: openai, model: m, headers: { Authorization: x } } | targets.gpt.headers.Authorization | api_key",
                "{ provider: openai, model: m, headers: { 'a b': x } } | targets.gpt.headers.a b | name of a header",
                "{ provider: openai, model: m, headers: { a: \"x\\ny\" } } | targets.gpt.headers.a | printable ASCII",
                "{ provider: openai, model: m, wieght: 1 } | targets.gpt.wieght | is not known here",
                "gpt-4o | targets.gpt | must be a mapping",
            })
    void aProblemOfATargetIsTold(String target, String key, String words) {
        List<String> problems =
                problems("targets:\n  gpt: " + target + "\nmodels:\n  default: { targets: [gpt] }\n");

        assertThat(problems).isNotEmpty();
        assertThat(problems.get(0)).startsWith("2 " + key + ": ").contains(words);
        assertThat(problems).allMatch(problem -> problem.startsWith("2 "));
    }

    /** Line 5: the targets of a model. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ targets: [a, a] } | m.targets[1] | stands twice",
                "{ targets: [a, [b, a]] } | m.targets[1][1] | stands twice",
                "{ targets: [a, x] } | m.targets[1] | no target 'x'",
                "{ targets: [] } | m.targets | at least one target",
                "{ targets: [[]] } | m.targets[0] | at least one target",
                "{ targets: a } | m.targets | must be a list",
                "{ policy: standard } | m.targets | is missing",
                "{ targets: [[{ target: a, weight: 0 }, b]] } | m.targets[0][0].weight | to 1000000",
                "{ targets: [[{ weight: 2 }, b]] } | m.targets[0][0].target | is missing",
                "{ targets: [{ target: a, weight: 2 }] } | m.targets[0].weight | inner list",
                "{ targets: [[[a]]] } | m.targets[0][0] | single value, not a list",
                "{ targets: [a], policy: standart } | m.policy | did you mean 'standard'",
            })
    void aProblemOfAModelIsTold(String model, String key, String words) {
        List<String> problems = problems("""
                targets:
                  a: { provider: ollama, model: x }
                  b: { provider: ollama, model: y }
                models:
                  m: %s
                """.formatted(model));

        assertThat(problems).isNotEmpty();
        assertThat(problems.get(0)).startsWith("5 models." + key + ": ").contains(words);
    }

    @Test
    void namesThatClientsWouldMixUpAreRefused() {
        List<String> problems = problems("""
                targets:
                  a: { provider: ollama, model: x }
                  b: { provider: ollama, model: y }
                models:
                  Fast: { targets: [a] }
                  fast: { targets: [b] }
                  a: { targets: [b] }
                  b: { targets: [b] }
                  '..': { targets: [b] }
                """);

        assertThat(problems).hasSize(3);
        assertThat(problems.get(0)).startsWith("6 models.fast: differs from the model 'Fast' only in case");
        assertThat(problems.get(1)).startsWith("7 models.a: is also the name of a target");
        assertThat(problems.get(2)).startsWith("9 models...: the name '..' cannot stand in a path");
    }

    @Test
    void whatIsMissingAltogetherIsToldAtOnce() {
        assertThat(problems("")).satisfiesExactly(
                targets -> assertThat(targets).startsWith("1 targets: is missing"),
                models -> assertThat(models).startsWith("1 models: is missing"));
    }

    @Test
    void aKeyThatStandsTwiceIsAProblemOfItsSecondLine() {
        assertThat(problems(SMALL + "keep_alive: 1s\nkeep_alive: 2s\n")).containsExactly("6 keep_alive: is given twice, first in line 5");
        assertThat(problems(SMALL + "targets: {}\n")).containsExactly("5 targets: is given twice, first in line 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: [1 | 1 ",
                "a: 1\\n b: 2 | 2",
                "a: 'x\\nb: 1 | 1",
                "a:\\n\\tb: 1 | 2",
                "a: @x | 1",
                "a: 1\\n? [b]\\n: c | 2",
                "a: 1\\n---\\nb: 2 | 3",
                "a: 1\\nb: *nope | 2",
                "a: 1\\nb: !!binary aGk= | 2",
                "a: \\u0000 | 1",
                "- a | 1",
                "just text | 1",
            })
    void whatIsNoYamlIsAProblemWithItsLine(String text, int line) {
        String yaml = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\u0000", "\u0000");

        assertThat(problems(yaml)).anyMatch(problem -> problem.startsWith(line + " "));
    }

    // Bounds.

    @Test
    void whatIsTooLargeOrTooDeepIsRefused() {
        assertThat(problems("#".repeat((1 << 20) + 1))).satisfiesExactly(p -> assertThat(p).contains("larger than 1 MiB"));
        assertThat(problems("a: " + "[".repeat(100_000))).satisfiesExactly(p -> assertThat(p).contains("deeper than 32"));
        assertThat(problems("a: " + "{a: ".repeat(100_000))).satisfiesExactly(p -> assertThat(p).contains("deeper than 32"));
    }

    @Test
    void aBombOfAliasesIsRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i)).append("*a%d, ".formatted(i - 1).repeat(9)).append("]\n");
        }
        StringBuilder merges = new StringBuilder("a0: &a0 {k: v}\n");
        for (int i = 1; i < 20; i++) {
            merges.append("a%d: &a%d {<<: [".formatted(i, i)).append("*a%d, ".formatted(i - 1).repeat(9)).append("]}\n");
        }

        assertThat(problems(bomb.toString())).satisfiesExactly(p -> assertThat(p).contains("more than 50000 values"));
        assertThat(problems(merges.toString())).satisfiesExactly(p -> assertThat(p).contains("more than 50000 values"));
    }

    @Test
    void anAliasInsideItsOwnAnchorIsUnknown() {
        assertThat(problems("a: &a [*a]\n")).anyMatch(problem -> problem.contains("no anchor &a"));
    }

    // Secrets.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "admin_key:sk-secret",
                "admin_key: [sk-secret]",
                "admin_key: { sk: ${SECRET} }",
                "admin_key: \"sk-secret\u00e9\"",
                "listen: { port: \"${SECRET}\" }",
                "keep_alive: ${SECRET}",
                "observability: ${SECRET}",
                "access_log: { enabled: ${SECRET} }",
                "listen: { host: ${SECRET} }",
                "clients: ${SECRET}",
                "clients: [{ name: a, key: ${SECRET} }, { name: b, key: ${SECRET} }]",
                "clients: [{ name: a, key: 'sk-secret",
                "clients: [{ name: a, key: sk-secret }]]",
                "policies: { p: { deadline: ${SECRET}, circuit: { counted: [a${SECRET}] } } }",
            })
    void noMessageShowsASecret(String line) {
        List<String> problems = problems(
                SMALL + line + "\n", Map.of("SECRET", "sk-secret!", "OPENAI_API_KEY", "sk-secret-too"));

        assertThat(problems).isNotEmpty();
        assertThat(problems).noneMatch(problem -> problem.contains("sk-secret"));
    }

    @Test
    void theMessageHasOneProblemALine() {
        assertThatThrownBy(() -> read("listen: { port: x }\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("test.yaml:1: targets: is missing")
                .hasMessageContaining("\ntest.yaml:1: listen.port: must be a whole number");
    }
}
