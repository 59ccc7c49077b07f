// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.Objects;

/**
 * Something that is wrong with a definition, or that will surprise whoever runs it.
 *
 * @param code stable, lower case, for programs
 * @param message for people; says what to do where that is not plain
 * @param path the JSON path of the place, such as {@code $.graph.nodes[2].tools}
 */
public record Finding(String code, String message, String path) {
    public Finding {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(path, "path");
    }

    @Override
    public String toString() {
        return path + ": " + message + " (" + code + ")";
    }
}
