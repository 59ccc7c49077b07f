// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.llm.internal.Json;
import java.util.Objects;

/** What shape the answer must have. */
public sealed interface ResponseFormat {
    /** Free text. */
    ResponseFormat TEXT = new Text();
    /** Some JSON object; the prompt must say which. */
    ResponseFormat JSON_OBJECT = new JsonObject();

    /** A JSON value that meets the schema, strictly. */
    static ResponseFormat jsonSchema(String name, String schemaJson) {
        return new JsonSchema(name, schemaJson, true);
    }

    /** See {@link #TEXT}. */
    record Text() implements ResponseFormat {}

    /** See {@link #JSON_OBJECT}. */
    record JsonObject() implements ResponseFormat {}

    /**
     * @param name a name for the schema: letters, digits, {@code _} and {@code -}
     * @param schemaJson the JSON Schema, passed on unchanged; anything but a JSON object is refused with an {@link
     *     IllegalArgumentException}
     * @param strict whether the provider must hold the model to the schema
     */
    record JsonSchema(String name, String schemaJson, boolean strict) implements ResponseFormat {
        public JsonSchema {
            Objects.requireNonNull(name, "name");
            Json.requireObject(schemaJson, "schemaJson of response format " + name);
        }
    }
}
