// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * References to the environment in a text that is read as YAML. {@link #shield} runs before the YAML parser: inside
 * <code>{a: ${NAME}}</code> the braces of a reference would end the mapping, so each sign of a reference that means
 * something to YAML is traded for one that does not, column for column. {@link #resolve} trades them back in each scalar and
 * only then puts the variables in, so that a value is never read as YAML.
 */
final class References {
    private static final String SIGNS = "{}[],:# \t";
    /** Of the private use area, as many as there are signs; a text that holds one of them is refused. */
    private static final char FIRST = '\uF6B0';

    private static final Pattern WRITTEN = Pattern.compile("\\$\\{([^}\\n\\r]*)}");
    private static final Pattern FORM = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);

    private final Function<String, @Nullable String> environment;

    References(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /**
     * A scalar with its variables put in.
     *
     * @param names of the variables that it refers to
     * @param problems what is wrong with its references
     */
    record Resolved(String text, List<String> names, List<String> problems) {}

    static boolean isReserved(int character) {
        return character >= FIRST && character < FIRST + SIGNS.length();
    }

    /** The text with references that no YAML parser stumbles over; lines and columns stay. */
    static String shield(String yaml) {
        StringBuilder shielded = new StringBuilder(yaml);
        Matcher matcher = WRITTEN.matcher(yaml);
        while (matcher.find()) {
            for (int i = matcher.start() + 1; i < matcher.end(); i++) {
                int sign = SIGNS.indexOf(yaml.charAt(i));
                if (sign >= 0) {
                    shielded.setCharAt(i, (char) (FIRST + sign));
                }
            }
        }
        return shielded.toString();
    }

    /** Takes {@link #shield} back. */
    static String unshield(String text) {
        StringBuilder plain = new StringBuilder(text);
        for (int i = 0; i < plain.length(); i++) {
            if (isReserved(plain.charAt(i))) {
                plain.setCharAt(i, SIGNS.charAt(plain.charAt(i) - FIRST));
            }
        }
        return plain.toString();
    }

    /** The value of a scalar as written, unshielded. */
    Resolved resolve(String written) {
        List<String> names = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < written.length()) {
            if (written.startsWith("$$", at)) {
                text.append('$');
                at += 2;
            } else if (written.startsWith("${", at)) {
                int end = written.indexOf('}', at);
                if (end < 0) {
                    problems.add("a reference that begins with ${ must end with }; a dollar itself is written $$");
                    break;
                }
                text.append(value(written.substring(at + 2, end), names, problems));
                at = end + 1;
            } else {
                text.append(written.charAt(at++));
            }
        }
        return new Resolved(text.toString(), names, problems);
    }

    private String value(String reference, List<String> names, List<String> problems) {
        Matcher form = FORM.matcher(reference);
        if (!form.matches()) {
            problems.add("a reference is written ${NAME} or ${NAME:-default}, and a dollar itself $$");
            return "";
        }
        String name = form.group(1);
        String otherwise = form.group(2);
        names.add(name);
        if (otherwise != null && otherwise.contains("${")) {
            problems.add("the default of ${" + name + "} cannot hold another reference");
            return "";
        }
        String value = environment.apply(name);
        if (value != null && (otherwise == null || !value.isEmpty())) {
            return value;
        }
        if (otherwise == null) {
            problems.add("the environment variable " + name + " is not set: set it, or give a default with ${" + name
                    + ":-…}");
            return "";
        }
        return otherwise;
    }
}
