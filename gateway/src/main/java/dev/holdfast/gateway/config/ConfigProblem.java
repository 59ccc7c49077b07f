// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

/**
 * Something wrong in a configuration file.
 *
 * @param line counted from 1; 0 where the file as a whole is meant
 * @param key the path, for example {@code policies.standard.retry.max_attempts}
 * @param message what is wrong and what to write instead; repeats no secret
 */
public record ConfigProblem(int line, String key, String message) {

    /** One line, {@code file:line: key: message}, as editors and terminals know to follow. */
    public String in(String source) {
        return source + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
