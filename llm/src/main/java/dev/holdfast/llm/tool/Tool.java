// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.internal.schema.SchemaCheck;
import dev.holdfast.llm.internal.schema.TypedSchema;
import dev.holdfast.llm.structured.SchemaProblem;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A tool that the model may ask for, and what it does. The whole JSON Schema of its arguments goes to the model, and arguments
 * that do not meet it never reach the function: the model is told what is wrong with them. Immutable; thread-safe as far as
 * its function is, which may run several times at once.
 *
 * <pre>{@code
 * record Place(String city) {}
 * Tool weather = Tool.of("weather", "Tells the weather", Place.class, place -> service.weatherIn(place.city()));
 * }</pre>
 */
public final class Tool {
    private final ToolDefinition definition;
    private final SchemaCheck check;
    private final ToolWork work;
    private final @Nullable Duration timeout;

    private Tool(ToolDefinition definition, SchemaCheck check, ToolWork work, @Nullable Duration timeout) {
        this.definition = definition;
        this.check = check;
        this.work = work;
        this.timeout = timeout;
    }

    /**
     * A tool that blocks and takes its arguments as an object, usually a record, whose schema goes to the model.
     *
     * @throws IllegalArgumentException if no schema can be made of the type
     */
    public static <A> Tool of(
            String name, String description, Class<A> argumentsType, ToolFunction.Typed<? super A> function) {
        Objects.requireNonNull(function, "function");
        TypedSchema<A> schema = TypedSchema.of(argumentsType);
        return made(name, description, schema.json(), new ToolWork.Blocking(input -> {
            TypedSchema.Outcome<A> arguments = schema.readValue(input.argumentsJson());
            return arguments.isValid()
                    ? function.run(Objects.requireNonNull(arguments.value()))
                    : input.error(refused(arguments.problems()));
        }));
    }

    /**
     * A tool that blocks.
     *
     * @param parametersJson the JSON Schema of the arguments, passed on unchanged
     * @throws IllegalArgumentException if it is no JSON Schema
     */
    public static Tool of(String name, String description, String parametersJson, ToolFunction.Blocking function) {
        Objects.requireNonNull(function, "function");
        return made(name, description, parametersJson, new ToolWork.Blocking(function));
    }

    /**
     * A tool that does not block.
     *
     * @param parametersJson the JSON Schema of the arguments, passed on unchanged
     * @throws IllegalArgumentException if it is no JSON Schema
     */
    public static Tool async(String name, String description, String parametersJson, ToolFunction function) {
        Objects.requireNonNull(function, "function");
        return made(name, description, parametersJson, new ToolWork.Async(function));
    }

    private static Tool made(String name, String description, String parametersJson, ToolWork work) {
        ToolDefinition definition = new ToolDefinition(name, description, parametersJson);
        SchemaCheck check =
                SchemaCheck.of(Json.requireObject(parametersJson, "parametersJson"), "the schema of tool " + name);
        return new Tool(definition, check, work, null);
    }

    /**
     * The same with a time of its own for each run; the loop's otherwise.
     *
     * @throws IllegalArgumentException if not positive
     */
    public Tool withTimeout(Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException("timeout must be positive: " + value);
        }
        return new Tool(definition, check, work, value);
    }

    /** The same, with the provider told to hold the model to the schema, or not to; see {@link ToolDefinition#strict()}. */
    public Tool withStrict(boolean value) {
        ToolDefinition strict =
                new ToolDefinition(definition.name(), definition.description(), definition.parametersJson(), value);
        return new Tool(strict, check, work, timeout);
    }

    /** What the model is told. */
    public ToolDefinition definition() {
        return definition;
    }

    public String name() {
        return definition.name();
    }

    ToolWork work() {
        return work;
    }

    Duration timeoutOr(Duration otherwise) {
        return timeout == null ? otherwise : timeout;
    }

    /** What the model is to be told about its arguments; null when they are in order. */
    @Nullable
    String problemsWith(String argumentsJson) {
        JsonNode arguments = Json.valueOrNull(argumentsJson);
        if (arguments == null) {
            return "the arguments are not valid JSON; nothing was done";
        }
        List<SchemaProblem> problems = check.problems(arguments);
        if (problems.isEmpty() && !arguments.isObject()) {
            return "the arguments are not a JSON object; nothing was done";
        }
        return problems.isEmpty() ? null : refused(problems);
    }

    private static String refused(List<SchemaProblem> problems) {
        return problems.stream()
                .map(SchemaProblem::describe)
                .collect(Collectors.joining("; ", "the arguments are not valid, nothing was done: ", ""));
    }

    @Override
    public String toString() {
        return "Tool[" + name() + "]";
    }
}
