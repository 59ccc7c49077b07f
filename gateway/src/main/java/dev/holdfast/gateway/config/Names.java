// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import org.jspecify.annotations.Nullable;

/** Names of targets, models, policies and clients: they stand in headers, metrics and, percent-encoded, in paths. */
final class Names {
    private static final int LONGEST = 200;

    private Names() {}

    /** Reports a name that cannot be one. */
    static void check(String name, Section.Item at, Section in) {
        String wrong = wrong(name);
        if (wrong != null) {
            in.problem(at, wrong);
        }
    }

    /** Why this cannot be a name; null if it can. */
    static @Nullable String wrong(String name) {
        if (name.equals(".") || name.equals("..")) {
            return "the name '" + name + "' cannot stand in a path";
        }
        boolean printable = name.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (name.isEmpty() || name.length() > LONGEST || !printable) {
            return "a name has from 1 to " + LONGEST
                    + " printable ASCII characters and no space, because it stands in paths and headers";
        }
        return null;
    }
}
