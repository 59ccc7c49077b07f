// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.Extra;
import dev.holdfast.llm.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An object of a client's request while it is read: what is taken leaves it, and what stays, an explicit null among it, is
 * its {@link #extra()}. A member of the wrong kind is an {@link InvalidRequestException} that names its place. Not
 * thread-safe.
 */
public final class WireObject {
    private final String dialect;
    private final String path;
    private final ObjectNode rest;
    private final boolean hollow;
    private final Map<String, WireObject> inner = new LinkedHashMap<>();
    private final Set<String> forms = new LinkedHashSet<>();

    private WireObject(ObjectNode node, String dialect, String path) {
        this.rest = node;
        this.hollow = node.isEmpty();
        this.dialect = dialect;
        this.path = path;
    }

    /** The whole body. */
    public static WireObject body(byte[] json, String dialect) {
        JsonNode node;
        try {
            node = Json.read(json);
        } catch (JacksonException e) {
            throw new InvalidRequestException("", "is not JSON, or is nested too deeply");
        }
        return of(node, dialect, "");
    }

    /** An element of a list, or a member that was taken. The node is used up. */
    public static WireObject of(@Nullable JsonNode node, String dialect, String path) {
        if (node instanceof ObjectNode object) {
            object.remove(Carrier.FORM); // ours alone, never a client's
            return new WireObject(object, dialect, path);
        }
        throw new InvalidRequestException(path, "must be an object");
    }

    /** Where this object stands; empty for the whole body. */
    public String path() {
        return path;
    }

    /** Where a member stands. */
    public String place(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The member without taking it; a missing node when there is none. */
    public JsonNode peek(String name) {
        return rest.path(name);
    }

    /** Whether the member is there and not null. */
    public boolean has(String name) {
        return !rest.path(name).isMissingNode() && !rest.path(name).isNull();
    }

    public InvalidRequestException wrong(String name, String expected) {
        return new InvalidRequestException(place(name), expected);
    }

    /** Null when it is not there, or null. */
    public @Nullable String string(String name) {
        if (!has(name)) {
            return null;
        }
        if (!peek(name).isString()) {
            throw wrong(name, "must be a string");
        }
        return rest.remove(name).stringValue();
    }

    /** {@link #string}, but an empty one stays where it is and counts as none. */
    public @Nullable String filled(String name) {
        return peek(name).isString() && peek(name).stringValue().isEmpty() ? null : string(name);
    }

    public String required(String name) {
        String value = string(name);
        if (value == null) {
            throw wrong(name, "is required and must be a string");
        }
        return value;
    }

    public @Nullable Double number(String name) {
        if (!has(name)) {
            return null;
        }
        if (!peek(name).isNumber() || !Double.isFinite(peek(name).doubleValue())) {
            throw wrong(name, "must be a number");
        }
        return rest.remove(name).doubleValue();
    }

    public @Nullable Long whole(String name) {
        if (!has(name)) {
            return null;
        }
        if (!peek(name).isIntegralNumber() || !peek(name).canConvertToLong()) {
            throw wrong(name, "must be a whole number");
        }
        return rest.remove(name).longValue();
    }

    /** A whole number that fits an int and is not below the least. */
    public @Nullable Integer count(String name, int least) {
        if (!has(name)) {
            return null;
        }
        JsonNode value = peek(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw wrong(name, "must be a whole number" + (least == Integer.MIN_VALUE ? "" : " from " + least + " up"));
        }
        return rest.remove(name).intValue();
    }

    public @Nullable Boolean flag(String name) {
        if (!has(name)) {
            return null;
        }
        if (!peek(name).isBoolean()) {
            throw wrong(name, "must be true or false");
        }
        return rest.remove(name).booleanValue();
    }

    /** The member as an object, of which what is not taken stays in its place; null when it is not there, or null. */
    public @Nullable WireObject object(String name) {
        WireObject known = inner.get(name);
        if (known != null || !has(name)) {
            return known;
        }
        WireObject object = of(peek(name), dialect, place(name));
        inner.put(name, object);
        return object;
    }

    public WireObject requiredObject(String name) {
        WireObject object = object(name);
        if (object == null) {
            throw wrong(name, "is required and must be an object");
        }
        return object;
    }

    /** The elements; null when it is not there, or null. */
    public @Nullable List<JsonNode> list(String name) {
        if (!has(name)) {
            return null;
        }
        if (!(peek(name) instanceof ArrayNode)) {
            throw wrong(name, "must be a list");
        }
        List<JsonNode> elements = new ArrayList<>();
        rest.remove(name).forEach(elements::add);
        return elements;
    }

    /** Elements that are all strings; null when it is not there, or null. */
    public @Nullable List<String> strings(String name) {
        List<JsonNode> elements = list(name);
        if (elements == null) {
            return null;
        }
        if (!elements.stream().allMatch(JsonNode::isString)) {
            throw wrong(name, "must be a list of strings");
        }
        return elements.stream().map(JsonNode::stringValue).toList();
    }

    /** Takes the member whatever it is; null when it is not there. */
    public @Nullable JsonNode take(String name) {
        return rest.remove(name);
    }

    /** Takes the member, an object, as JSON text. */
    public String json(String name) {
        if (!(peek(name) instanceof ObjectNode)) {
            throw wrong(name, "must be an object");
        }
        return Json.string(rest.remove(name));
    }

    /** Puts something back for {@link #extra()}. */
    public void leave(String name, JsonNode value) {
        rest.set(name, value);
    }

    /** Notes which of two forms the wire had; see {@link Carrier}. */
    public void form(String word) {
        forms.add(word);
    }

    /** The whole object as it is now, as JSON text. */
    public String json() {
        return Json.string(rest);
    }

    /** What was not taken. */
    public Extra extra() {
        clear();
        if (!forms.isEmpty()) {
            rest.put(Carrier.FORM, String.join(" ", forms));
        }
        return rest.isEmpty() ? Extra.NONE : new Extra(dialect, Json.string(rest));
    }

    /** Objects of which everything was taken leave nothing behind; one that held nothing stays. */
    private boolean clear() {
        inner.forEach((name, object) -> {
            if (object.clear()) {
                rest.remove(name);
            }
        });
        return rest.isEmpty() && !hollow;
    }
}
