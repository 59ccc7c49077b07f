// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.llm.TranslationNote;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON Schemas as LangChain4j's tools have them: an object whose members stand as they were written. */
final class Schemas {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> CARRIED =
            Set.of("type", "description", "properties", "required", "additionalProperties", "$defs", "$schema");

    private Schemas() {}

    static JsonObjectSchema parameters(String schemaJson, String path, List<TranslationNote> notes) {
        JsonNode schema = JSON.readTree(schemaJson);
        JsonObjectSchema.Builder to = JsonObjectSchema.builder();
        if (schema.has("description")) {
            to.description(schema.get("description").asString());
        }
        to.addProperties(members(schema.get("properties")));
        if (schema.has("required")) {
            List<String> required = new ArrayList<>();
            schema.get("required").forEach(name -> required.add(name.asString()));
            to.required(required);
        }
        JsonNode additional = schema.get("additionalProperties");
        if (additional != null && additional.isBoolean()) {
            to.additionalProperties(additional.asBoolean());
        } else if (additional != null) {
            notes.add(TranslationNote.dropped(
                    path + ".additionalProperties", "LangChain4j's tools know only whether there may be others"));
        }
        Map<String, JsonSchemaElement> definitions = members(schema.get("$defs"));
        if (!definitions.isEmpty()) {
            to.definitions(definitions);
        }
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            if (!CARRIED.contains(member.getKey())) {
                notes.add(TranslationNote.dropped(
                        path + '.' + member.getKey(), "LangChain4j's tools have no place for it at the top"));
            }
        }
        return to.build();
    }

    private static Map<String, JsonSchemaElement> members(@org.jspecify.annotations.Nullable JsonNode object) {
        Map<String, JsonSchemaElement> members = new LinkedHashMap<>();
        if (object != null) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                members.put(
                        member.getKey(), JsonRawSchema.from(member.getValue().toString()));
            }
        }
        return members;
    }
}
