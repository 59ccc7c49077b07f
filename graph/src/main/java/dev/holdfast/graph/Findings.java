// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import dev.holdfast.graph.internal.Places;
import java.util.ArrayList;
import java.util.List;

/** Collects what is found. For one thread. */
final class Findings {
    private final List<Finding> errors = new ArrayList<>();
    private final List<Finding> warnings;

    Findings() {
        this(new ArrayList<>());
    }

    private Findings(List<Finding> warnings) {
        this.warnings = warnings;
    }

    void error(String code, String message, String path) {
        errors.add(new Finding(code, message, path));
    }

    void warning(String code, String message, String path) {
        warnings.add(new Finding(code, message, path));
    }

    /** Adds to each error so far the line and column where it is. */
    void placeErrors(Places places) {
        errors.replaceAll(error ->
                new Finding(error.code(), error.message() + " (" + places.of(error.path()) + ")", error.path()));
    }

    /** What is found through it and would be an error is dropped: a definition that does not load has its errors already. */
    Findings onlyWarnings() {
        return new Findings(warnings);
    }

    List<Finding> errors() {
        return errors;
    }

    List<Finding> warnings() {
        return warnings;
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }
}
