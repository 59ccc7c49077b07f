// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was gathered from an error, in whatever envelopes it came: the one normal form of all providers. Filled by
 * {@link ErrorReader} and its neighbours while one error is read, by one thread.
 */
final class ErrorFields {
    private static final int MAX_PIECES = 64;

    private final List<String> codes = new ArrayList<>(8);
    private final List<String> messages = new ArrayList<>(4);
    private final List<String> thrown = new ArrayList<>(0);
    private @Nullable Map<String, String> innerHeaders;
    private int status;
    private boolean statusKnown;
    private int facts;
    private @Nullable Duration wait;

    void addCode(String code) {
        if (codes.size() < MAX_PIECES) {
            codes.add(code);
        }
    }

    void addMessage(String message) {
        if (messages.size() < MAX_PIECES && !message.isBlank()) {
            messages.add(message);
        }
    }

    /** Simple name of an exception class of the chain, or of one of its superclasses. */
    void addThrown(String simpleName) {
        if (thrown.size() < 2 * MAX_PIECES) {
            thrown.add(simpleName);
        }
    }

    /** A limit header that a gateway carries inside the body. */
    void addInnerHeader(String name, String value) {
        if (innerHeaders == null) {
            innerHeaders = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        }
        innerHeaders.putIfAbsent(name, value);
    }

    /** The response has an error status of its own: none has to be looked for. */
    void statusIsKnown() {
        statusKnown = true;
    }

    boolean seeksStatus() {
        return !statusKnown && status == 0;
    }

    /** An HTTP error status stated inside the body or text; the first one, which is the outermost, counts. */
    void offerStatus(int stated) {
        if (status == 0 && stated >= 400 && stated <= 599) {
            status = stated;
        }
    }

    /** A wait stated by a field of its own; of several the longest counts, since all of them have to pass. */
    void offerWait(@Nullable Duration stated) {
        if (stated != null && !stated.isZero() && (wait == null || stated.compareTo(wait) > 0)) {
            wait = stated;
        }
    }

    void set(Fact fact) {
        facts |= fact.bit();
    }

    boolean holds(Fact fact) {
        return (facts & fact.bit()) != 0;
    }

    List<String> codes() {
        return codes;
    }

    List<String> messages() {
        return messages;
    }

    List<String> thrown() {
        return thrown;
    }

    Map<String, String> innerHeaders() {
        return innerHeaders == null ? Map.of() : innerHeaders;
    }

    int status() {
        return status;
    }

    int facts() {
        return facts;
    }

    @Nullable
    Duration fieldWait() {
        return wait;
    }
}
