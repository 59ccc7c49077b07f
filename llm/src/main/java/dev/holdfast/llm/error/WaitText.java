// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds waits in prose: a number with a unit behind words that announce a wait ("try again in 7.66s", "retry after 60
 * seconds", "will reset after 19h14m47s"). "Try again later" without a number is no wait.
 */
final class WaitText {
    private static final String[] FILLERS = {
        "about", "approximately", "another", "at least", "around", "~", ":", "=", "for", "the next"
    };

    /** The last three letters of the announcements and fillers. */
    private static final int[] LAST_LETTERS =
            packed(" in", "ter", "ait", "ing", "ely", "out", "ast", "her", "for", "und", "ext");

    private static final String[] ANNOUNCEMENTS = {
        "again in",
        "again after",
        "retry in",
        "retry after",
        "retrying in",
        "retrying after",
        "retry-after",
        "retry_after",
        "request in",
        "request after",
        "it in",
        "it after",
        "reset in",
        "resets in",
        "reset after",
        "resets after",
        "refreshes in",
        "available in",
        "available after",
        "wait",
        "waiting",
        "expires in",
        "back in"
    };

    private WaitText() {}

    /** The longest wait that the text states; null when it states none. */
    static @Nullable Duration in(String text) {
        Duration longest = null;
        int at = 0;
        while (at < text.length()) {
            if (!isDigit(text.charAt(at))) {
                at++;
                continue;
            }
            if (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1))) {
                longest = Waits.longer(longest, announcedAt(text, at));
            }
            at = behindNumber(text, at);
        }
        return Waits.positive(Waits.longer(longest, inRetryDelay(text)));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Digits and points belong to one number. */
    private static int behindNumber(String text, int from) {
        int at = from;
        while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        return at;
    }

    /** A protobuf message printed as text: {@code retry_delay { seconds: 42 nanos: 500000000 }}. */
    private static @Nullable Duration inRetryDelay(String text) {
        int open = text.indexOf("retry_delay {");
        int close = open < 0 ? -1 : text.indexOf('}', open);
        if (close < 0) {
            return null;
        }
        Duration seconds = DurationText.ofSeconds(digitsBehind(text, "seconds:", open, close));
        // the number of nanoseconds, read as milliseconds to stay in range
        Duration nanos = DurationText.ofMillis(digitsBehind(text, "nanos:", open, close));
        return seconds == null || nanos == null ? seconds : seconds.plusNanos(nanos.toMillis());
    }

    /** The digits directly behind the name; empty when there are none before the end. */
    private static String digitsBehind(String text, String name, int from, int to) {
        int at = text.indexOf(name, from);
        if (at < 0 || at >= to) {
            return "";
        }
        int start = at + name.length();
        while (text.charAt(start) == ' ') {
            start++;
        }
        int end = start;
        while (text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return text.substring(start, end);
    }

    /** A cheap look at the letters before the number, for most numbers are no waits. */
    private static boolean mayBeAnnounced(String text, int at) {
        int end = at;
        while (end > 0 && " :=~".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        if (end < 3) {
            return false;
        }
        int letters = packed(text, end - 3);
        for (int known : LAST_LETTERS) {
            if (letters == known) {
                return true;
            }
        }
        return false;
    }

    private static int[] packed(String... endings) {
        return Arrays.stream(endings).mapToInt(ending -> packed(ending, 0)).toArray();
    }

    /** Three characters in lower case as one number. */
    private static int packed(String text, int at) {
        return (text.charAt(at) | 0x20) << 16 ^ (text.charAt(at + 1) | 0x20) << 8 ^ (text.charAt(at + 2) | 0x20);
    }

    private static @Nullable Duration announcedAt(String text, int at) {
        if (!mayBeAnnounced(text, at)) {
            return null;
        }
        int end = beforeFillers(text, at);
        for (String announcement : ANNOUNCEMENTS) {
            if (endsAt(text, end, announcement)) {
                Duration wait = DurationText.at(text, at);
                return wait == null && announcement.endsWith("-after") ? bareSeconds(text, at) : wait;
            }
        }
        return null;
    }

    private static boolean endsAt(String text, int end, String word) {
        return text.regionMatches(true, end - word.length(), word, 0, word.length());
    }

    private static @Nullable Duration bareSeconds(String text, int at) {
        int end = at;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        boolean ends = end == text.length() || " ,;)}\"'".indexOf(text.charAt(end)) >= 0;
        return ends ? DurationText.ofSeconds(text.substring(at, end)) : null;
    }

    private static int beforeFillers(String text, int from) {
        int end = beforeSpaces(text, from);
        for (int i = 0; i < FILLERS.length; i++) {
            if (endsAt(text, end, FILLERS[i])) {
                end = beforeSpaces(text, end - FILLERS[i].length());
                i = -1;
            }
        }
        return end;
    }

    private static int beforeSpaces(String text, int from) {
        int end = from;
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return end;
    }
}
