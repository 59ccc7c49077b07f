// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.util.Map;

/** Forms of Python that conditions may not use, by the word that gives them away. */
final class Refusals {
    static final Map<String, String> FORMS = Map.of(
            "for", "comprehensions are",
            "lambda", "lambda is",
            "await", "await is",
            "yield", "yield is",
            ":=", "assignments are",
            "...", "`...` is",
            "@", "`@` is");

    private Refusals() {}
}
