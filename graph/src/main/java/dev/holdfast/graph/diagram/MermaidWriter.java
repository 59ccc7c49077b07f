// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.diagram.Picture.Arrow;
import dev.holdfast.graph.diagram.Picture.Box;
import dev.holdfast.graph.diagram.Picture.Kind;

/** Writes a picture as a Mermaid flowchart. */
final class MermaidWriter {
    private final Picture picture;
    private final StringBuilder out = new StringBuilder("flowchart TD\n");

    MermaidWriter(Picture picture) {
        this.picture = picture;
    }

    String write() {
        for (int i = 0; i < picture.boxes.size(); i++) {
            box(i, picture.boxes.get(i));
        }
        if (picture.entry >= 0) {
            out.append("  start((\" \")) --> n").append(picture.entry).append('\n');
        }
        int links = picture.entry >= 0 ? 1 : 0;
        StringBuilder taken = new StringBuilder();
        for (Arrow arrow : picture.arrows) {
            arrow(arrow);
            if (arrow.taken()) {
                taken.append(taken.length() == 0 ? "" : ",").append(links);
            }
            links++;
        }
        if (taken.length() > 0) {
            out.append("  linkStyle ").append(taken).append(" stroke:#2563eb,stroke-width:3px\n");
        }
        out.append("  classDef failed stroke:#dc2626,stroke-width:3px\n");
        out.append("  classDef visited stroke:#2563eb,stroke-width:3px\n");
        out.append("  classDef pause stroke-dasharray:6 3\n");
        return out.toString();
    }

    private void box(int place, Box box) {
        String text = escape(box.name()) + "<br/><small>" + escape(box.caption()) + "</small>"
                + (box.note().isEmpty() ? "" : "<br/><small>" + escape(box.note()) + "</small>");
        boolean router = box.node().nodeType().equals(NodeSpec.ROUTER);
        String open = box.terminal() ? "([\"" : router ? "{{\"" : "[\"";
        String close = box.terminal() ? "\"])" : router ? "\"}}" : "\"]";
        out.append("  n").append(place).append(open).append(text).append(close);
        String style = box.failed() ? "failed" : box.note().isEmpty() ? box.pause() ? "pause" : "" : "visited";
        out.append(style.isEmpty() ? "" : ":::" + style).append('\n');
    }

    private void arrow(Arrow arrow) {
        String line = arrow.kind() == Kind.FAILURE || arrow.kind() == Kind.MODEL || arrow.kind() == Kind.ROUTE
                ? "-.->"
                : "-->";
        out.append("  n").append(arrow.from()).append(' ').append(line);
        if (!arrow.label().isEmpty()) {
            out.append("|\"").append(escape(arrow.label())).append("\"|");
        }
        out.append(" n").append(arrow.to()).append('\n');
    }

    /** Letters, digits and plain signs as they are, everything else by its number: Mermaid gives most signs a meaning. */
    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (Character.isLetterOrDigit(point) || " .,:!?_-+/·…".indexOf(point) >= 0) {
                escaped.appendCodePoint(point);
            } else {
                escaped.append('#').append(point).append(';');
            }
        });
        return escaped.toString();
    }
}
