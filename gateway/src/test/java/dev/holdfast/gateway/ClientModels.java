// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.simulator.Simulator;

/**
 * A gateway as the libraries of providers meet it: it asks for a key, and has models that answer, that fail over to the
 * other dialect, and that fail in every way there is a status for.
 *
 * <p>{@code default}, {@code tool}: two sound targets, the client's own dialect first. {@code own-down}, {@code tool-own-down}:
 * the first, of the client's dialect, is down. {@code other-down}: the first is of the other dialect and down.
 */
final class ClientModels {
    static final String KEY = "sk-holdfast-client-key-0001";
    static final String OWN_TEXT = Simulator.textOf("tokens=7");
    static final String OTHER_TEXT = Simulator.textOf("tokens=9");
    static final String TOOL_TEXT = Simulator.textOf("tool");

    /** Of one call to a model that fails, all made by the gateway. */
    static final int ATTEMPTS = 2;

    private ClientModels() {}

    static RunningGateway forOpenAi() {
        return RunningGateway.start(yaml("sim", "sim-anthropic", "503", "529"));
    }

    static RunningGateway forAnthropic() {
        return RunningGateway.start(yaml("sim-anthropic", "sim", "529", "503"));
    }

    private static String yaml(String own, String other, String ownDown, String otherDown) {
        return """
            clients:
              - { name: library, key: %s }
            targets:
              own:        { provider: %s, model: "tokens=7" }
              other:      { provider: %s, model: "tokens=9" }
              own-down:   { provider: %s, model: "%s" }
              other-down: { provider: %s, model: "%s" }
            """.formatted(KEY, own, other, own, ownDown, other, otherDown) + """
                      own-tool:   { provider: %1$s, model: "tool" }
                      other-tool: { provider: %2$s, model: "tool" }
                      t400:       { provider: %1$s, model: "400" }
                      t429:       { provider: %1$s, model: "429" }
                      t500:       { provider: %1$s, model: "500" }
                      t503:       { provider: %1$s, model: "529" }
                      t401:       { provider: %1$s, model: "401" }
                      hang:       { provider: %1$s, model: "hang" }
                      back:       { provider: %1$s, model: "fail=1,status=429,retry-after=1" }
                      cut:        { provider: %1$s, model: "cut,after=2" }
                    models:
                      default:       { targets: [own, other] }
                      own-down:      { targets: [own-down, other] }
                      other-down:    { targets: [other-down, own] }
                      tool:          { targets: [own-tool, other-tool] }
                      tool-own-down: { targets: [own-down, other-tool] }
                      e400:          { targets: [t400] }
                      e429:          { targets: [t429] }
                      e500:          { targets: [t500] }
                      e503:          { targets: [t503] }
                      e-auth:        { targets: [t401] }
                      e-hang:        { targets: [hang], policy: quick }
                      comes-back:    { targets: [back], policy: once }
                      cut:           { targets: [cut] }
                    policies:
                      standard:
                        retry: { max_attempts: %3$d, backoff: { initial: 1ms, max: 10ms } }
                        circuit: { enabled: false }
                      quick:
                        retry: { max_attempts: %3$d, backoff: { initial: 1ms, max: 10ms } }
                        timeouts: { attempt: 400ms }
                      once:
                        retry: { max_attempts: 1 }
                    """.formatted(own, other, ATTEMPTS);
    }

    /** Requests that the provider has seen for its model. */
    static long upstreamCalls(RunningGateway running, String model) {
        return running.simulator.stats().byModel().getOrDefault(model, 0L);
    }
}
