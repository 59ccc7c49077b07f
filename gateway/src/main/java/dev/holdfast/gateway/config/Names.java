// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

/** Names of targets, models, policies and clients: they stand in headers, metrics and, percent-encoded, in paths. */
final class Names {
    private static final int LONGEST = 200;

    private Names() {}

    /** Reports a name that cannot be one. */
    static void check(String name, Section.Item at, Section in) {
        if (name.equals(".") || name.equals("..")) {
            in.problem(at, "the name '" + name + "' cannot stand in a path");
        } else if (name.isEmpty() || name.length() > LONGEST || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            in.problem(
                    at,
                    "a name has from 1 to " + LONGEST
                            + " printable ASCII characters and no space, because it stands in paths and headers");
        }
    }
}
