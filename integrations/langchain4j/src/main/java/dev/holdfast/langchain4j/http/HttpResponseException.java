// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import dev.langchain4j.exception.HttpException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server answered with an error status. LangChain4j's own exception for that, with the headers that it has no room for;
 * models translate it as they do any {@link HttpException}, and it is then the cause of what they throw. Its message is the
 * body.
 */
public final class HttpResponseException extends HttpException {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, List<String>> headers;

    HttpResponseException(int statusCode, String body, Map<String, List<String>> headers) {
        super(statusCode, body);
        Map<String, List<String>> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(headers);
        this.headers = Collections.unmodifiableMap(sorted);
    }

    /** All headers of the response; names are looked up in any case. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The body, up to 64 KiB of it; may be empty. */
    public String body() {
        String body = getMessage();
        return body == null ? "" : body;
    }
}
