// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/**
 * The keys of error bodies and what they say of their values. A table with open addressing, so that a key can be looked up
 * where it stands in a text, without a string of its own.
 */
final class ErrorKeys {
    /** What a value is, by its key. */
    enum Role {
        /** What the caller sent or the model wrote: it may be shown in an error and says nothing about it. */
        FOREIGN,
        /** A wait or a limit, see {@link LimitFields}. */
        LIMIT,
        /** A value that names the error; one with spaces is a message under the wrong name. */
        CODE,
        MESSAGE,
        OTHER
    }

    /** A power of two, three times as many as there are keys. */
    private static final int SLOTS = 256;

    private static final String[] NAMES = new String[SLOTS];
    private static final Role[] ROLES = new Role[SLOTS];

    static {
        add(
                Role.FOREIGN,
                "choices, candidates, content, delta, output, input, inputs, prompt, messages, tools, instructions,"
                        + " failed_generation, safetyratings, usage, usagemetadata, request, content_filter_results,"
                        + " content_filter_result, links, ctx, loc, stack, traceback");
        add(
                Role.LIMIT,
                "retrydelay, estimated_time, resets_in_seconds, retry_after, retryafter, retry_after_seconds,"
                        + " retryafterseconds, retry_after_secs, retry_in, wait_seconds, retry_after_ms, retryafterms,"
                        + " quotaid, quotavalue, quota_limit_value, headers");
        add(
                Role.CODE,
                "code, type, status, error_type, errortype, error_code, errorcode, reason, __type, kind, status_code,"
                        + " statuscode, blockreason, errorname, subcode, originalstatuscode, err_code");
        add(
                Role.MESSAGE,
                "message, msg, error, detail, details, errors, error_description, error_message, errormessage, error_msg,"
                        + " description, title, raw, status_msg, cause, body, err, originalmessage, reasons,"
                        + " localizedmessage");
    }

    private ErrorKeys() {}

    private static void add(Role role, String names) {
        for (String name : names.split(", ", -1)) {
            int slot = slot(name.hashCode());
            while (NAMES[slot] != null) {
                slot = slot + 1 & SLOTS - 1;
            }
            NAMES[slot] = name;
            ROLES[slot] = role;
        }
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 15) & SLOTS - 1;
    }

    /** The role of a key in lower case. */
    static Role roleOf(String key) {
        return roleOf(key, 0, key.length(), key.hashCode());
    }

    /**
     * The role of the key that stands there, whose ASCII capitals count as small letters.
     *
     * @param hash the hash code of the key as a string in small letters
     */
    static Role roleOf(String text, int from, int to, int hash) {
        for (int slot = slot(hash); NAMES[slot] != null; slot = slot + 1 & SLOTS - 1) {
            if (isAt(text, from, to, NAMES[slot])) {
                return ROLES[slot];
            }
        }
        return Role.OTHER;
    }

    private static boolean isAt(String text, int from, int to, String name) {
        if (name.length() != to - from) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (small(text.charAt(from + i)) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The character, an ASCII capital as a small letter. */
    static char small(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }
}
