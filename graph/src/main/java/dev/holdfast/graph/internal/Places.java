// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Where in a text the members of a JSON value stand, by their paths. The text must be one whole JSON value. */
public final class Places {
    /** One object or list that is open. */
    private static final class Open {
        final String path;
        final boolean list;
        final Set<String> keys = new HashSet<>();
        String key = "";
        int next;

        Open(String path, boolean list) {
            this.path = path;
            this.list = list;
        }

        String member() {
            return list ? path + "[" + next++ + "]" : path + "." + key;
        }
    }

    private final Map<String, String> places = new HashMap<>();
    private final List<String> duplicates = new ArrayList<>();

    public Places(String text) {
        Deque<Open> open = new ArrayDeque<>();
        try (JsonParser parser = Json.parser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                take(token, parser, open);
            }
        }
    }

    private void take(JsonToken token, JsonParser parser, Deque<Open> open) {
        if (token == JsonToken.PROPERTY_NAME) {
            Open object = open.element();
            object.key = parser.currentName();
            if (!object.keys.add(object.key)) {
                duplicates.add(object.path + "." + object.key);
            }
            return;
        }
        if (token.isStructEnd()) {
            open.pop();
            return;
        }
        String path = open.isEmpty() ? "$" : open.element().member();
        places.put(
                path,
                "line " + parser.currentTokenLocation().getLineNr() + ", column "
                        + parser.currentTokenLocation().getColumnNr());
        if (token.isStructStart()) {
            open.push(new Open(path, token == JsonToken.START_ARRAY));
        }
    }

    /** {@code line 3, column 7} of the value at a path, or of the nearest value around it; null where there is none. */
    public @Nullable String of(String path) {
        String at = path;
        while (true) {
            String place = places.get(at);
            int end = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            if (place != null || end < 0) {
                return place;
            }
            at = at.substring(0, end);
        }
    }

    /** Paths of the keys that stand twice in one object. */
    public List<String> duplicates() {
        return duplicates;
    }
}
