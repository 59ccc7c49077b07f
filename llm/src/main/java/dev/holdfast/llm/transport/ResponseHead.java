// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Status and headers of a response. Immutable.
 *
 * @param status the HTTP status
 * @param headers names, looked up in any case, with their values in the order received
 */
public record ResponseHead(int status, Map<String, List<String>> headers) {
    public ResponseHead {
        Map<String, List<String>> merged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> merged.merge(name, List.copyOf(values), ResponseHead::joined));
        headers = Collections.unmodifiableMap(merged);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The first value of a header; null when absent. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** The media type in lower case without parameters; empty when not stated. */
    public String mediaType() {
        String value = header("content-type");
        if (value == null) {
            return "";
        }
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Status and media type only: headers can hold cookies. */
    @Override
    public String toString() {
        return "ResponseHead[" + status + ", " + mediaType() + "]";
    }
}
