// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.AttemptReport;
import dev.holdfast.CallReport;
import dev.holdfast.llm.TranslationNote;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.List;

/** The headers that tell a client how its call went. */
final class Headers {
    static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    static final AsciiString CACHE_CONTROL = AsciiString.cached("cache-control");
    static final AsciiString CALL_ID = AsciiString.cached("x-holdfast-call-id");
    private static final AsciiString TARGET = AsciiString.cached("x-holdfast-target");
    private static final AsciiString ATTEMPTS = AsciiString.cached("x-holdfast-attempts");
    private static final AsciiString WAITED = AsciiString.cached("x-holdfast-waited-ms");
    private static final AsciiString TRANSLATION = AsciiString.cached("x-holdfast-translation");
    private static final AsciiString SHOULD_RETRY = AsciiString.cached("x-should-retry");
    private static final AsciiString RETRY_AFTER = AsciiString.cached("retry-after");
    private static final int LONGEST_TRANSLATION = 500;

    private Headers() {}

    /** The target that answered or failed last, how many attempts there were and how long was waited between them. */
    static void report(HttpHeaders headers, CallReport report) {
        List<AttemptReport> attempts = report.attempts();
        if (!attempts.isEmpty()) {
            String target = attempts.get(attempts.size() - 1).target().name();
            headers.set(TARGET, printable(target));
        }
        headers.set(ATTEMPTS, Integer.toString(attempts.size()));
        headers.set(WAITED, Long.toString(report.waited().toMillis()));
    }

    static void translation(HttpHeaders headers, List<TranslationNote> notes) {
        if (notes.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (TranslationNote note : notes) {
            String next = (text.isEmpty() ? "" : ", ") + note.change().word() + ' ' + note.path();
            if (text.length() + next.length() > LONGEST_TRANSLATION) {
                text.append(", ...");
                break;
            }
            text.append(next);
        }
        headers.set(TRANSLATION, printable(text.toString()));
    }

    /** When to come back, in whole seconds rounded up, and whether the client's own library should try at all. */
    static void comeBack(HttpHeaders headers, Verdict verdict) {
        Duration after = verdict.retryAfter();
        if (after != null) {
            headers.set(RETRY_AFTER, Long.toString(after.plusNanos(999_999_999).toSeconds()));
        }
        if (verdict.retryIsVain()) {
            headers.set(SHOULD_RETRY, "false");
        }
    }

    /** Names come from configurations and requests: what a header cannot carry becomes a question mark. */
    private static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                return text.replaceAll("[^\\x20-\\x7e]", "?");
            }
        }
        return text;
    }
}
