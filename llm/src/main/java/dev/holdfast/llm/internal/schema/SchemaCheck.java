// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.structured.SchemaProblem;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds values to one JSON Schema: draft 2020-12 unless the schema names another. References lead nowhere outside the
 * schema. Immutable and thread-safe.
 */
public final class SchemaCheck {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final int MOST_PROBLEMS = 20;

    private final Schema schema;

    private SchemaCheck(Schema schema) {
        this.schema = schema;
    }

    /** @throws IllegalArgumentException if it is no JSON Schema */
    public static SchemaCheck of(ObjectNode schema, String what) {
        String draft = Json.textOrEmpty(schema, "$schema");
        List<Error> mistakes =
                draft.isEmpty() || draft.startsWith(DRAFT) ? MetaSchema.SCHEMA.validate(schema) : List.of();
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(
                    what + " is not a JSON Schema: " + problem(mistakes.get(0)).describe());
        }
        try {
            // A registry of its own for each schema: a shared one keeps every schema that it ever saw.
            Schema compiled = registry().getSchema(schema);
            compiled.initializeValidators();
            return new SchemaCheck(compiled);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(what + " is not a usable JSON Schema: " + e.getMessage(), e);
        }
    }

    private static SchemaRegistry registry() {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .formatAssertionsEnabled(true)
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ENGLISH)
                .build();
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config));
    }

    /** What schemas are held to. */
    private static final class MetaSchema {
        static final Schema SCHEMA = registry().getSchema(SchemaLocation.of(DRAFT));
    }

    /** What is wrong with the value, in the order found, at most twenty; empty when it fits. */
    public List<SchemaProblem> problems(JsonNode value) {
        return schema.validate(value).stream()
                .limit(MOST_PROBLEMS)
                .map(SchemaCheck::problem)
                .toList();
    }

    private static SchemaProblem problem(Error error) {
        return new SchemaProblem(
                String.valueOf(error.getInstanceLocation()), error.getKeyword(), String.valueOf(error.getMessage()));
    }
}
