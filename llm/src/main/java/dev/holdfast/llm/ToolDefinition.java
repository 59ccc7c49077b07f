// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.llm.internal.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may ask for. Immutable.
 *
 * @param name what the model calls it
 * @param description when and how to use it; may be empty
 * @param parametersJson the JSON Schema of the arguments, passed on unchanged; anything but a JSON object is refused
 *     with an {@link IllegalArgumentException}
 * @param strict whether the provider must hold the model to the schema; null leaves it to the provider
 * @param extra further fields that only one dialect knows, for example Anthropic's {@code cache_control}
 */
public record ToolDefinition(
        String name,
        String description,
        String parametersJson,
        @Nullable Boolean strict,
        Extra extra) {

    public ToolDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(extra, "extra");
        Json.requireObject(parametersJson, "parametersJson of tool " + name);
    }

    public ToolDefinition(String name, String description, String parametersJson, @Nullable Boolean strict) {
        this(name, description, parametersJson, strict, Extra.NONE);
    }

    public ToolDefinition(String name, String description, String parametersJson) {
        this(name, description, parametersJson, null);
    }
}
