// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.Extra;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.internal.Json;
import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is left of an answer when all that the model has words for is taken out. Objects are used up. */
public final class Leftover {
    private Leftover() {}

    /** An extra of what the object still holds. */
    public static Extra extra(String dialect, ObjectNode rest) {
        return rest.isEmpty() ? Extra.NONE : new Extra(dialect, Json.string(rest));
    }

    /** Takes counts out that are above zero: a zero is not what we write. What is then empty goes too. */
    public static void counts(ObjectNode holder, String name, String... counts) {
        if (holder.get(name) instanceof ObjectNode object) {
            for (String count : counts) {
                if (Json.count(object, count) > 0) {
                    object.remove(count);
                }
            }
            if (object.isEmpty()) {
                holder.remove(name);
            }
        }
    }

    /** Takes the finish reason out unless it is not the word that we write for it. */
    public static void reason(
            ObjectNode holder, String name, FinishReason reason, Function<FinishReason, @Nullable String> words) {
        JsonNode word = holder.get(name);
        if (word != null && word.isString() && word.stringValue().equals(words.apply(reason))) {
            holder.remove(name);
        }
    }

    /** Takes out what says nothing, as events of a stream repeat it again and again. */
    public static void nulls(ObjectNode object) {
        for (Iterator<JsonNode> values = object.iterator(); values.hasNext(); ) {
            JsonNode value = values.next();
            if (value.isNull() || (value.isContainer() && value.isEmpty())) {
                values.remove();
            }
        }
    }
}
