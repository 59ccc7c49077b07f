// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; tells every problem, one a line as {@code file:line: key: message}. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /** @param source the file's name, for the message */
    public ConfigException(String source, List<ConfigProblem> problems) {
        super(problems.stream().map(problem -> problem.in(source)).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** In the order of their lines; at least one. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
