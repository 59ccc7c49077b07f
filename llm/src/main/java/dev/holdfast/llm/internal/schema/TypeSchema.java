// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfig;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import dev.holdfast.llm.internal.Json;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of a Java type, in the form that providers hold models to strictly: no further properties, every property
 * required in the order declared, null only where a component is marked {@code @Nullable} (any annotation of that name) or is
 * an {@code Optional}. Names and descriptions come from Jackson's annotations. Thread-safe.
 */
final class TypeSchema {
    private static final SchemaGeneratorConfig CONFIG = config();

    private TypeSchema() {}

    static ObjectNode of(Class<?> type) {
        // A generator remembers types and is not made for several threads; the configuration is.
        return new SchemaGenerator(CONFIG).generateSchema(type);
    }

    private static SchemaGeneratorConfig config() {
        SchemaGeneratorConfigBuilder builder = new SchemaGeneratorConfigBuilder(
                        SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonSchemaModule())
                .with(
                        Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT,
                        Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                        Option.ADDITIONAL_FIXED_TYPES,
                        Option.STANDARD_FORMATS,
                        Option.FLATTENED_OPTIONALS,
                        Option.PLAIN_DEFINITION_KEYS)
                .without(Option.SCHEMA_VERSION_INDICATOR);
        builder.forTypesInGeneral()
                .withPropertySorter((first, second) -> 0)
                .withCustomDefinitionProvider((type, context) -> enumeration(type.getErasedType()));
        builder.forFields().withRequiredCheck(field -> true).withNullableCheck(TypeSchema::nullable);
        return builder.build();
    }

    /** The words by which Jackson knows the constants, whatever gave them. */
    private static @Nullable CustomDefinition enumeration(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        if (constants == null) {
            return null;
        }
        ObjectNode node = Json.object().put("type", "string");
        ArrayNode words = node.putArray("enum");
        for (Object constant : constants) {
            words.add(TypedSchema.MAPPER.valueToTree(constant));
        }
        return new CustomDefinition(
                node, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.YES);
    }

    private static boolean nullable(FieldScope scope) {
        if (scope.isFakeContainerItemScope()) {
            return false;
        }
        Field field = scope.getRawMember();
        return field.getType() == Optional.class
                || Stream.concat(
                                Stream.of(field.getAnnotations()),
                                Stream.of(field.getAnnotatedType().getAnnotations()))
                        .map(Annotation::annotationType)
                        .anyMatch(annotation -> annotation.getSimpleName().equals("Nullable"));
    }
}
