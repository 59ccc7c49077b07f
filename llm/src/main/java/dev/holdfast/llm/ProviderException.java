// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A provider answered with an error, or with something that is no answer. It carries its own verdict, so the engine
 * classifies nothing twice. It holds no credential, no prompt and no body, only the verdict, the status and those
 * response headers that help to understand it. It has no stack trace of its own: it is made on a transport's thread,
 * where a stack says nothing.
 */
public final class ProviderException extends RuntimeException implements Classified {
    private static final long serialVersionUID = 1L;

    private static final List<String> KEPT_NAMES =
            List.of("retry-after", "retry-after-ms", "x-should-retry", "request-id", "x-request-id", "date", "cf-ray");
    private static final List<String> KEPT_PREFIXES = List.of("x-ratelimit-", "anthropic-ratelimit-", "ratelimit");

    private final transient Failure failure;
    private final int status;
    private final transient Map<String, List<String>> headers;

    /**
     * @param failure the verdict
     * @param status the HTTP status; 0 when there was none
     * @param headers the response headers; only those of interest are kept
     */
    public ProviderException(Failure failure, int status, Map<String, List<String>> headers) {
        super(message(failure, status), failure.cause(), true, false);
        this.failure = failure;
        this.status = status;
        this.headers = kept(headers);
    }

    @Override
    public Failure failure() {
        return failure;
    }

    /** The HTTP status, 200 for an error inside a stream; 0 when there was no response. */
    public int status() {
        return status;
    }

    /** The headers that state waits, limits and request ids; names are looked up in any case. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The provider's id of the request, for its support; null when it gave none. */
    public @Nullable String requestId() {
        List<String> values = headers.getOrDefault("request-id", headers.getOrDefault("x-request-id", List.of()));
        return values.isEmpty() ? null : values.get(0);
    }

    private static String message(Failure failure, int status) {
        return failure.category() + (status == 0 ? "" : " (HTTP " + status + ")") + ": " + failure.message();
    }

    private static Map<String, List<String>> kept(Map<String, List<String>> headers) {
        Map<String, List<String>> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (KEPT_NAMES.contains(lower) || KEPT_PREFIXES.stream().anyMatch(lower::startsWith)) {
                kept.computeIfAbsent(lower, ignored -> new ArrayList<>()).addAll(values);
            }
        });
        return Collections.unmodifiableMap(kept);
    }
}
