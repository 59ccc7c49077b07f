// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

/** Colours for a person at a terminal; plain text for everything else. */
record Colours(boolean on) {
    private static final String FAINT = "\u001B[2m";
    private static final String RED = "\u001B[31m";
    private static final String END = "\u001B[0m";

    /** On where both ends of this process are a terminal and the user has not asked for plain text. */
    static Colours ofTerminal() {
        String term = System.getenv("TERM");
        boolean plain = System.getenv("NO_COLOR") != null || term == null || "dumb".equals(term);
        return new Colours(!plain && Terminal.present());
    }

    String faint(String text) {
        return on ? FAINT + text + END : text;
    }

    String red(String text) {
        return on ? RED + text + END : text;
    }
}
