// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.structured.SchemaProblem;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON Schema and what its values are read as. Immutable and thread-safe.
 *
 * @param <T> what a value becomes
 */
public final class TypedSchema<T> {
    private static final int LONGEST_NAME = 64;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(Json.constraints())
                    .build())
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final ClassValue<TypedSchema<?>> OF_TYPES = new ClassValue<>() {
        @Override
        protected TypedSchema<?> computeValue(Class<?> type) {
            return made(type, TypeSchema.of(type));
        }
    };

    private final String name;
    private final String json;
    private final boolean strict;
    private final JsonText.Kind kind;
    private final SchemaCheck check;
    private final Set<String> propertyNames;
    private final Function<JsonNode, T> reader;

    private TypedSchema(String name, ObjectNode schema, Function<JsonNode, T> reader) {
        this.name = name;
        this.json = Json.string(schema);
        this.strict = ClosedSchema.fitsStrictly(schema);
        this.kind = switch (Json.textOrEmpty(schema, "type")) {
            case "object" -> JsonText.Kind.OBJECT;
            case "array" -> JsonText.Kind.ARRAY;
            case "" -> schema.has("properties") ? JsonText.Kind.OBJECT : JsonText.Kind.ANY;
            default -> JsonText.Kind.ANY;
        };
        this.check = SchemaCheck.of(schema, "the schema of " + name);
        this.propertyNames = propertyNames(schema);
        this.reader = reader;
    }

    /** The schema of the type, and the type. */
    @SuppressWarnings("unchecked") // computed for this very class
    public static <T> TypedSchema<T> of(Class<T> type) {
        return (TypedSchema<T>) OF_TYPES.get(type);
    }

    /** The type, held to a schema of the caller's own. */
    public static <T> TypedSchema<T> of(Class<T> type, String schemaJson) {
        return made(type, Json.requireObject(schemaJson, "schemaJson"));
    }

    /** A schema whose values stay JSON. */
    public static TypedSchema<String> json(String name, String schemaJson) {
        return new TypedSchema<>(named(name), Json.requireObject(schemaJson, "schemaJson"), Json::string);
    }

    private static <T> TypedSchema<T> made(Class<T> type, ObjectNode schema) {
        return new TypedSchema<>(named(type.getSimpleName()), schema, node -> MAPPER.treeToValue(node, type));
    }

    private static String named(String name) {
        String plain = name.replaceAll("[^a-zA-Z0-9_-]", "_");
        String bounded = plain.length() <= LONGEST_NAME ? plain : plain.substring(0, LONGEST_NAME);
        return bounded.isEmpty() ? "answer" : bounded;
    }

    /** Letters, digits, {@code _} and {@code -}. */
    public String name() {
        return name;
    }

    public String json() {
        return json;
    }

    /** Whether providers can be asked to hold a model to it strictly. */
    public boolean isStrict() {
        return strict;
    }

    /** Whether its values are objects, the only ones that response formats are for. */
    public boolean isForObjects() {
        return kind == JsonText.Kind.OBJECT;
    }

    /** A value, or what is wrong with it. */
    public record Outcome<T>(@Nullable T value, List<SchemaProblem> problems) {
        public boolean isValid() {
            return problems.isEmpty();
        }
    }

    /** Finds the value in what a model wrote. */
    public Outcome<T> readText(String text) {
        JsonNode node = JsonText.find(text, kind);
        if (node == null) {
            String what = kind == JsonText.Kind.ARRAY
                    ? "JSON array"
                    : kind == JsonText.Kind.OBJECT ? "JSON object" : "JSON value";
            return invalid(
                    "", SchemaProblem.JSON, "Cannot parse JSON: the answer holds no " + what + " that can be read");
        }
        return read(node);
    }

    /** Reads a JSON text that is nothing but the value. */
    public Outcome<T> readValue(String text) {
        JsonNode node = Json.valueOrNull(text);
        return node == null
                ? invalid("", SchemaProblem.JSON, "Cannot parse JSON: not one whole JSON value")
                : read(node);
    }

    private Outcome<T> read(JsonNode node) {
        List<SchemaProblem> problems = check.problems(node);
        if (!problems.isEmpty()) {
            return new Outcome<>(null, problems);
        }
        try {
            return new Outcome<>(reader.apply(node), List.of());
        } catch (JacksonException e) {
            return invalid(pointer(e), SchemaProblem.TYPE_REFUSED, refusal(e));
        }
    }

    private static <T> Outcome<T> invalid(String path, String rule, String message) {
        return new Outcome<>(null, List.of(new SchemaProblem(path, rule, message)));
    }

    /** What the type's own code said where it said something; else Jackson's words without the excerpt. */
    private static String refusal(JacksonException error) {
        Throwable cause = error instanceof ValueInstantiationException ? error.getCause() : null;
        String own = cause == null ? null : cause.getMessage();
        return own != null ? own : String.valueOf(error.getOriginalMessage());
    }

    private static String pointer(JacksonException error) {
        return error.getPath().stream()
                .map(step -> "/" + (step.getPropertyName() != null ? step.getPropertyName() : step.getIndex()))
                .collect(Collectors.joining());
    }

    private static Set<String> propertyNames(JsonNode schema) {
        Set<String> names = new HashSet<>();
        for (JsonNode properties : schema.findValues("properties")) {
            names.addAll(properties.propertyNames());
        }
        return names;
    }

    /** The problems in one line that is fit for logs: names of the schema only, no words of the answer. */
    public String safely(List<SchemaProblem> problems) {
        return problems.stream()
                .limit(3)
                .map(problem -> (problem.path().isEmpty() ? "" : safe(problem.path()) + " ") + problem.rule())
                .collect(Collectors.joining(", ", "", problems.size() > 3 ? ", …" : ""));
    }

    private String safe(String path) {
        return Arrays.stream(path.split("/"))
                .map(step -> step.isEmpty() || propertyNames.contains(step) || step.matches("\\d{1,6}") ? step : "*")
                .collect(Collectors.joining("/"));
    }
}
