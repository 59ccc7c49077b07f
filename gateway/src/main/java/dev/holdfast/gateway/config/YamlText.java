// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values as our file has them. */
final class YamlText {
    /** Means nothing but itself, inside brackets too. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._/+-]*|https?://[A-Za-z0-9._/:-]*[A-Za-z0-9_/-]");

    private static final Set<String> WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private YamlText() {}

    /** A text that is read back as it is. */
    static String scalar(String text) {
        if (PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT))) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '$' -> quoted.append("$$");
                default -> {
                    if (c < 0x20 || c > 0x7e) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** Keys with values that are YAML already, in one line. */
    static String line(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + ": " + field.getValue())
                .collect(Collectors.joining(", ", "{ ", " }"));
    }
}
