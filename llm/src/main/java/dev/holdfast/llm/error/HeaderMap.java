// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a response: an immutable map that finds a name in any case. A response has few of them, so they lie in two
 * lists and are looked for one by one, lengths first; that is cheaper than a sorted map to build and to ask.
 */
final class HeaderMap extends AbstractMap<String, List<String>> {
    /** With more, one by one would take too long; then a sorted map serves. */
    private static final int MOST = 32;

    private final List<String> names;
    private final List<List<String>> values;

    /** The lengths of the names as bits, modulo 64: most names that are asked for are not there, and few have such a length. */
    private long lengths;

    private HeaderMap(int size) {
        names = new ArrayList<>(size);
        values = new ArrayList<>(size);
    }

    /** A copy; values of names that differ in case only are joined. */
    static Map<String, List<String>> copyOf(Map<String, List<String>> headers) {
        if (headers instanceof HeaderMap || headers.isEmpty()) {
            return headers.isEmpty() ? Map.of() : headers;
        }
        if (headers.size() > MOST) {
            Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.forEach((name, all) -> copy.merge(name, List.copyOf(all), HeaderMap::joined));
            return Collections.unmodifiableMap(copy);
        }
        HeaderMap copy = new HeaderMap(headers.size());
        headers.forEach(copy::add);
        return copy;
    }

    private void add(String name, List<String> all) {
        int known = indexOf(Objects.requireNonNull(name, "a header's name"));
        if (known < 0) {
            names.add(name);
            lengths |= 1L << name.length();
            values.add(List.copyOf(all));
        } else {
            values.set(known, joined(values.get(known), all));
        }
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private int indexOf(String name) {
        if ((lengths >>> name.length() & 1) == 0) {
            return -1;
        }
        for (int i = 0; i < names.size(); i++) {
            String there = names.get(i);
            if (there.length() == name.length() && there.equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public @Nullable List<String> get(@Nullable Object name) {
        int at = name instanceof String text ? indexOf(text) : -1;
        return at < 0 ? null : values.get(at);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return name instanceof String text && indexOf(text) >= 0;
    }

    @Override
    public Set<Entry<String, List<String>>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, List<String>>> iterator() {
                return new Iterator<>() {
                    private int at;

                    @Override
                    public boolean hasNext() {
                        return at < names.size();
                    }

                    @Override
                    public Entry<String, List<String>> next() {
                        if (!hasNext()) {
                            throw new NoSuchElementException();
                        }
                        return Map.entry(names.get(at), values.get(at++));
                    }
                };
            }

            @Override
            public int size() {
                return names.size();
            }
        };
    }
}
