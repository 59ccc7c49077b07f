// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What one reading found wrong. Not thread-safe. */
final class Problems {
    private final List<ConfigProblem> found = new ArrayList<>();

    void add(int line, String key, String message) {
        ConfigProblem problem = new ConfigProblem(line, key, message);
        if (!found.contains(problem)) { // an alias brings the same place along several times
            found.add(problem);
        }
    }

    int size() {
        return found.size();
    }

    /** @throws ConfigException if there are any, in the order of their lines */
    void throwIfAny(String source) {
        if (!found.isEmpty()) {
            throw new ConfigException(source, sorted());
        }
    }

    /** All, in the order of their lines. */
    List<ConfigProblem> sorted() {
        List<ConfigProblem> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(ConfigProblem::line));
        return sorted;
    }
}
