// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.structured;

import java.util.Objects;

/**
 * One way in which a JSON value is not what was asked for. Immutable. {@code toString} shows neither path nor message,
 * because both can hold words of the answer.
 *
 * @param path where, as a JSON pointer; empty for the whole value
 * @param rule which rule: a keyword of JSON Schema, for example {@code required}, or {@code json} for text without a JSON
 *     value, {@code type-refused} for a value that the Java type did not take
 * @param message what is wrong, for the model and for people
 */
public record SchemaProblem(String path, String rule, String message) {
    /** The rule of text that holds no JSON value of the right kind. */
    public static final String JSON = "json";
    /** The rule of a value that meets the schema and that the Java type refused. */
    public static final String TYPE_REFUSED = "type-refused";

    public SchemaProblem {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(message, "message");
    }

    /** Path and message, as the model is told. */
    public String describe() {
        return path.isEmpty() ? message : path + ": " + message;
    }

    @Override
    public String toString() {
        return "SchemaProblem[" + rule + "]";
    }
}
