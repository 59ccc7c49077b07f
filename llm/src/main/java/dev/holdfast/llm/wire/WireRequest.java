// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One HTTP request as its client wrote it. Immutable as long as nobody writes to the body; {@code toString} shows neither
 * headers nor body.
 *
 * @param method for example {@code POST}
 * @param baseUrl what stands before the path; another endpoint takes its place when the call fails over
 * @param path with its query, as it follows the base URL
 * @param headers names, looked up in any case; without Host, Content-Length and Connection
 * @param body kept, not copied; empty for none
 * @param repeatable whether the body can be sent more than once; if not, there is one attempt
 */
public record WireRequest(
        String method, String baseUrl, String path, Map<String, String> headers, byte[] body, boolean repeatable) {
    public WireRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(baseUrl, "baseUrl");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(body, "body");
        Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(headers);
        headers = Collections.unmodifiableMap(sorted);
    }

    /**
     * A path with its query, from parts that are not encoded yet.
     *
     * @param names of the query's parameters
     * @param values of the parameter of a name
     */
    public static String path(
            Iterable<String> segments, Iterable<String> names, Function<String, ? extends Iterable<String>> values) {
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            path.append('/').append(encoded(segment));
        }
        char separator = '?';
        for (String name : names) {
            for (String value : values.apply(name)) {
                path.append(separator).append(encoded(name)).append('=').append(encoded(value));
                separator = '&';
            }
        }
        return path.toString();
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The whole address. */
    public URI uri() {
        return URI.create(baseUrl + path);
    }

    /** The path without its query. */
    String plainPath() {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    boolean isPost() {
        return method.equals("POST");
    }

    @Override
    public String toString() {
        return method + " " + baseUrl + plainPath() + " (" + body.length + " bytes)";
    }
}
