// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.gateway.config.Node.Kind;
import dev.holdfast.gateway.config.Node.Mapping;
import dev.holdfast.gateway.config.Node.Scalar;
import dev.holdfast.gateway.config.Node.Sequence;
import dev.holdfast.gateway.config.Section.Item;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands at one place, taken as a list or as a single value. */
final class Items {
    private Items() {}

    /** Whether nothing is there, or nothing that could be used, which is a problem told already. */
    static boolean isNothing(Node node) {
        return node instanceof Scalar scalar && (scalar.kind() == Kind.NOTHING || scalar.kind() == Kind.BROKEN);
    }

    /** For messages; a value itself may be a secret. */
    static String kind(Node node) {
        return node instanceof Sequence ? "a list" : node instanceof Mapping ? "a mapping" : "a single value";
    }

    /** The values of a list; anything else is a problem and then empty. */
    static List<Item> list(Item item, Problems problems) {
        List<Item> items = new ArrayList<>();
        if (item.value() instanceof Sequence sequence) {
            for (Node value : sequence.items()) {
                items.add(new Item(value.line(), item.path() + "[" + items.size() + "]", value));
            }
        } else if (!isNothing(item.value())) {
            problems.add(item.line(), item.path(), "must be a list such as [a, b], not " + kind(item.value()));
        }
        return items;
    }

    /** A single value; null where it is none, which is a problem. */
    static @Nullable Scalar scalar(Item item, Problems problems) {
        if (!(item.value() instanceof Scalar scalar)) {
            problems.add(item.line(), item.path(), "must be a single value, not " + kind(item.value()));
            return null;
        }
        if (scalar.kind() == Kind.NOTHING) {
            problems.add(item.line(), item.path(), "has no value");
        }
        return isNothing(scalar) ? null : scalar;
    }

    /** The text of a single value; null where it is none, which is a problem. */
    static @Nullable String word(Item item, Problems problems) {
        Scalar scalar = scalar(item, problems);
        return scalar == null ? null : scalar.text();
    }
}
