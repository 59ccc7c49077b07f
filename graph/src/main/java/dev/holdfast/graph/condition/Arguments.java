// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a function or method is called with.
 *
 * @param of the function's name, for messages
 */
record Arguments(String of, List<@Nullable Object> values, Map<String, @Nullable Object> named) {

    /** Checks counts, and that each named argument is one of these. */
    Arguments expect(int least, int most, String... names) {
        for (String name : named.keySet()) {
            if (!List.of(names).contains(name)) {
                throw Trouble.type(of + "() takes no argument named " + Texts.quote(name));
            }
        }
        if (values.size() < least || values.size() > most) {
            throw Trouble.type(of + "() takes " + (least == most ? "" : "from " + least + " to ") + most
                    + " arguments, not " + values.size());
        }
        return this;
    }

    boolean has(int place, String name) {
        boolean byPlace = place < values.size();
        if (byPlace && named.containsKey(name)) {
            throw Trouble.type(of + "() is given " + Texts.quote(name) + " twice");
        }
        return byPlace || named.containsKey(name);
    }

    /** The argument at a place or by its name; null where it is absent. */
    @Nullable
    Object get(int place, String name) {
        return place < values.size() ? values.get(place) : named.get(name);
    }

    @Nullable
    Object get(int place) {
        return values.get(place);
    }
}
