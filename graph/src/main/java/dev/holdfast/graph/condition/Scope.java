// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that an expression may use. Values are plain: maps with string keys, lists, strings, booleans, numbers, null;
 * anything else can be compared for identity and no more.
 */
public interface Scope {
    boolean has(String name);

    /** The value of a name that is there; it may be null. */
    @Nullable
    Object value(String name);

    /** These names and no others. The map is read, not copied. */
    static Scope of(Map<String, ? extends @Nullable Object> names) {
        return new Scope() {
            @Override
            public boolean has(String name) {
                return names.containsKey(name);
            }

            @Override
            public @Nullable Object value(String name) {
                return names.get(name);
            }
        };
    }

    /**
     * What the edges of a node see when it has run: every key of its output and of the memory by bare name, an output
     * before the memory that it is about to replace; then {@code output}, {@code memory} (the output included) and
     * {@code result} (the output's key of that name, else null). The maps are read, not copied.
     */
    static Scope of(Map<String, ? extends @Nullable Object> output, Map<String, ? extends @Nullable Object> memory) {
        return new Scope() {
            @Override
            public boolean has(String name) {
                return output.containsKey(name)
                        || memory.containsKey(name)
                        || name.equals("output")
                        || name.equals("memory")
                        || name.equals("result");
            }

            @Override
            public @Nullable Object value(String name) {
                if (output.containsKey(name)) {
                    return output.get(name);
                }
                if (memory.containsKey(name)) {
                    return memory.get(name);
                }
                return switch (name) {
                    case "output" -> output;
                    case "memory" -> all();
                    default -> null;
                };
            }

            private Map<String, @Nullable Object> all() {
                Map<String, @Nullable Object> all = new LinkedHashMap<>(memory);
                all.putAll(output);
                return all;
            }
        };
    }
}
