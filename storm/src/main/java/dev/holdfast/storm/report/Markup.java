// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

/** Writes elements. Whatever comes from data goes through here and can end neither a tag nor a value. Used by one thread. */
final class Markup {
    private final StringBuilder out = new StringBuilder(1 << 16);

    /** A start tag; attributes are names and values in turn. */
    Markup open(String tag, String... attributes) {
        return tag(tag, attributes, ">");
    }

    /** An element that holds nothing. */
    Markup empty(String tag, String... attributes) {
        return tag(tag, attributes, "/>");
    }

    private Markup tag(String tag, String[] attributes, String end) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            text(attributes[i + 1]);
            out.append('"');
        }
        out.append(end);
        return this;
    }

    Markup close(String tag) {
        out.append("</").append(tag).append('>');
        return this;
    }

    /** A whole element around a text. */
    Markup element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close(tag);
    }

    /** Text from anywhere. What neither XML nor HTML can hold is replaced by a sign that says so. */
    Markup text(String text) {
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(point) ? point : '\uFFFD');
            }
        });
        return this;
    }

    private static boolean isAllowed(int point) {
        return point == '\n'
                || point == '\t'
                || !(Character.isISOControl(point)
                        || Character.getType(point) == Character.SURROGATE
                        || point == 0xFFFE
                        || point == 0xFFFF);
    }

    /** Markup of our own, as it is. */
    Markup raw(String markup) {
        out.append(markup);
        return this;
    }

    Markup line() {
        out.append('\n');
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
