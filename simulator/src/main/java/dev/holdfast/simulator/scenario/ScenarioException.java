// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import java.util.List;
import java.util.stream.Collectors;

/** A scenario that cannot be used, with every problem found in it. */
public final class ScenarioException extends IllegalArgumentException {
    /**
     * One thing that is wrong.
     *
     * @param line from 1
     * @param key the path of the key, such as {@code windows[0].latency.median}; empty for the document itself
     */
    public record Problem(int line, String key, String message) {
        @Override
        public String toString() {
            return "line " + line + (key.isEmpty() ? "" : ", " + key) + ": " + message;
        }
    }

    private final transient List<Problem> problems;

    ScenarioException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
