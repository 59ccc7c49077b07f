// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sends each request to the endpoint of its path and method. A path is compared as it was sent, byte for byte: nothing is
 * joined, resolved or decoded first, so there is no second way to write it. Patterns have one open segment, as in {@code
 * /admin/targets/{name}/open}, which is percent-decoded as UTF-8; it is never empty, a dot or two, and holds no control
 * characters. {@code HEAD} goes to the endpoint of {@code GET}. Other paths are 404, other methods 405. Immutable once built,
 * thread-safe.
 */
public final class Router implements Endpoint {
    /** Answers requests of a pattern; {@link Endpoint} says how. */
    @FunctionalInterface
    public interface NamedEndpoint {
        /** @param name the open segment, decoded */
        void handle(String name, Request request, Response response);
    }

    private record Pattern(String before, String after, Map<String, NamedEndpoint> methods) {
        @Nullable
        String nameIn(String path) {
            int end = path.length() - after.length();
            if (!path.startsWith(before) || !path.endsWith(after) || end <= before.length()) {
                return null;
            }
            String segment = path.substring(before.length(), end);
            return segment.indexOf('/') >= 0 ? null : decoded(segment);
        }
    }

    private final Map<String, Map<String, Endpoint>> exact;
    private final List<Pattern> patterns;

    private Router(Builder builder) {
        Map<String, Map<String, Endpoint>> paths = new HashMap<>();
        builder.exact.forEach((path, methods) -> paths.put(path, Map.copyOf(methods)));
        exact = Map.copyOf(paths);
        patterns = List.copyOf(builder.patterns);
    }

    /** Routes nothing yet. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void handle(Request request, Response response) {
        Map<String, Endpoint> methods = exact.get(request.path());
        if (methods != null) {
            Endpoint endpoint = forMethod(methods, request.method());
            if (endpoint != null) {
                endpoint.handle(request, response);
            } else {
                notAllowed(methods, response);
            }
            return;
        }
        for (Pattern pattern : patterns) {
            String name = pattern.nameIn(request.path());
            if (name != null) {
                NamedEndpoint endpoint = forMethod(pattern.methods, request.method());
                if (endpoint != null) {
                    endpoint.handle(name, request, response);
                } else {
                    notAllowed(pattern.methods, response);
                }
                return;
            }
        }
        new Refusal(404, "not_found", "There is nothing at this path.").sendTo(response);
    }

    private static <E> @Nullable E forMethod(Map<String, E> methods, String method) {
        E endpoint = methods.get(method);
        return endpoint == null && method.equals("HEAD") ? methods.get("GET") : endpoint;
    }

    private static void notAllowed(Map<String, ?> methods, Response response) {
        TreeSet<String> allowed = new TreeSet<>(methods.keySet());
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        String allow = String.join(", ", allowed);
        HttpHeaders headers = new DefaultHttpHeaders().set(Refusal.HEADERS).set(HttpHeaderNames.ALLOW, allow);
        Refusal refusal =
                new Refusal(405, "method_not_allowed", "At this path only these methods work: " + allow + ".");
        response.send(refusal.status(), headers, refusal.body());
    }

    /** Null for what is no name: nothing that a path could be resolved by, no broken UTF-8, no control characters. */
    private static @Nullable String decoded(String segment) {
        ByteBuffer bytes = ByteBuffer.allocate(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                if (i + 2 >= segment.length()) {
                    return null;
                }
                int high = Grammar.hex(segment.charAt(i + 1));
                int low = Grammar.hex(segment.charAt(i + 2));
                if (high < 0 || low < 0) {
                    return null;
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else {
                bytes.put((byte) c);
            }
        }
        try {
            String name =
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
            boolean plain = name.codePoints().noneMatch(Character::isISOControl);
            return plain && !name.equals(".") && !name.equals("..") ? name : null;
        } catch (CharacterCodingException broken) {
            return null;
        }
    }

    /** Collects routes. Not thread-safe. */
    public static final class Builder {
        private final Map<String, Map<String, Endpoint>> exact = new HashMap<>();
        private final List<Pattern> patterns = new ArrayList<>();

        private Builder() {}

        /** @throws IllegalArgumentException if the path has this method already */
        public Builder on(String method, String path, Endpoint endpoint) {
            put(exact.computeIfAbsent(path, any -> new HashMap<>()), method, path, endpoint);
            return this;
        }

        /**
         * Routes a pattern.
         *
         * @param pattern a path with one segment in braces, which says in words what it is
         * @throws IllegalArgumentException if there is no such segment, or the pattern has this method already
         */
        public Builder on(String method, String pattern, NamedEndpoint endpoint) {
            int open = pattern.indexOf("/{") + 1;
            int close = pattern.indexOf('}', open);
            if (open == 0 || close < 0) {
                throw new IllegalArgumentException("a pattern needs one segment in braces: " + pattern);
            }
            String before = pattern.substring(0, open);
            String after = pattern.substring(close + 1);
            Pattern known = patterns.stream()
                    .filter(other -> other.before.equals(before) && other.after.equals(after))
                    .findFirst()
                    .orElseGet(() -> {
                        Pattern added = new Pattern(before, after, new HashMap<>());
                        patterns.add(added);
                        return added;
                    });
            put(known.methods, method, pattern, endpoint);
            return this;
        }

        private static <E> void put(Map<String, E> methods, String method, String path, E endpoint) {
            if (methods.putIfAbsent(method, endpoint) != null) {
                throw new IllegalArgumentException(method + " " + path + " is routed twice");
            }
        }

        /** The routes so far. */
        public Router build() {
            return new Router(this);
        }
    }
}
