// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.preset.ProviderPreset;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts a schema to a target in the way that it understands: as its own response format where it has one, else in words at the
 * end of the system prompt. So a list of targets of different kinds can serve one request.
 */
public final class SchemaPrompt {
    /** Models of Anthropic from before structured outputs, which answer a format with HTTP 400. */
    private static final Pattern WITHOUT_FORMAT =
            Pattern.compile("claude-(instant|2|3)([.-].*)?|claude-(sonnet|opus)-4-(0|2025)\\S*");

    private SchemaPrompt() {}

    /** The request as this target is to get it; the same when it asks for no schema or the target takes it as it is. */
    public static LlmRequest forTarget(LlmRequest request, ProviderPreset preset, String model) {
        if (!(request.responseFormat() instanceof ResponseFormat.JsonSchema format)) {
            return request;
        }
        if (preset.dialect().equals("anthropic")) {
            return forAnthropic(request, format, model);
        }
        return preset.quirks().jsonSchema()
                ? request
                : inWords(request, format.schemaJson()).withResponseFormat(ResponseFormat.JSON_OBJECT);
    }

    private static LlmRequest forAnthropic(LlmRequest request, ResponseFormat.JsonSchema format, String model) {
        ObjectNode schema = Json.requireObject(format.schemaJson(), "schema");
        if (!ClosedSchema.isClosed(schema) || WITHOUT_FORMAT.matcher(model).matches()) {
            return inWords(request, format.schemaJson()).withResponseFormat(ResponseFormat.TEXT);
        }
        if (!ClosedSchema.hasBounds(schema)) {
            return request;
        }
        // The format without the bounds that it cannot hold, and the bounds in words.
        String bare = Json.string(ClosedSchema.withoutBounds(schema));
        return inWords(request, format.schemaJson())
                .withResponseFormat(new ResponseFormat.JsonSchema(format.name(), bare, format.strict()));
    }

    /** The request with the schema in its system prompt, whatever its response format. */
    public static LlmRequest inWords(LlmRequest request, String schemaJson) {
        String words =
                "Answer with one JSON value that is valid against this JSON Schema, and nothing else: no prose, no"
                        + " code fence.\n" + schemaJson;
        String system = request.system();
        return request.toBuilder()
                .system(system == null || system.isBlank() ? words : system + "\n\n" + words)
                .build();
    }
}
