// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.diagram.Layout.Chain;
import dev.holdfast.graph.diagram.Layout.Item;
import dev.holdfast.graph.diagram.Picture.Arrow;
import dev.holdfast.graph.diagram.Picture.Box;
import java.util.List;
import java.util.Locale;

/** Writes a placed picture as SVG. */
final class SvgWriter {
    static final String STYLE = """
            .hg{--paper:#ffffff;--box:#f8fafc;--edge:#64748b;--text:#0f172a;--soft:#475569;--line:#94a3b8;--blue:#1d4ed8;\
            --red:#b91c1c;--violet:#6d28d9;--teal:#0f766e;--seen:#eff6ff;--bad:#fef2f2;\
            font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}
            @media(prefers-color-scheme:dark){.hg{--paper:#0b1220;--box:#16213a;--edge:#94a3b8;--text:#f1f5f9;--soft:#b6c2d4;\
            --line:#64748b;--blue:#8ab4ff;--red:#ff9a9a;--violet:#c4a7ff;--teal:#5eead4;--seen:#13294d;--bad:#3b1620}}
            .hg .paper{fill:var(--paper)}
            .hg .box{fill:var(--box);stroke:var(--line);stroke-width:1.5}
            .hg .inner{fill:none;stroke:var(--line);stroke-width:1}
            .hg .pause .box{stroke-dasharray:6 3}
            .hg .visited .box{fill:var(--seen);stroke:var(--blue);stroke-width:2.5}
            .hg .visited .inner{stroke:var(--blue)}
            .hg .failed .box{fill:var(--bad);stroke:var(--red);stroke-width:2.5}
            .hg .failed .inner{stroke:var(--red)}
            .hg .idle{opacity:.6}
            .hg text{text-anchor:middle;fill:var(--text)}
            .hg .name{font-size:14px;font-weight:600}
            .hg .small{font-size:11px;fill:var(--soft)}
            .hg .note{font-size:11px;font-weight:600;fill:var(--text)}
            .hg .label{font-size:11px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:var(--c)}
            .hg .under{fill:var(--paper)}
            .hg .arrow{fill:none;stroke:var(--c);stroke-width:1.6}
            .hg .head{fill:var(--c);stroke:none}
            .hg .taken .arrow{stroke-width:3.2}
            .hg .success,.hg .always,.hg .start{--c:var(--edge)}
            .hg .condition{--c:var(--blue)}
            .hg .failure{--c:var(--red)}
            .hg .model{--c:var(--violet)}
            .hg .route{--c:var(--teal)}
            .hg .failure .arrow,.hg .model .arrow,.hg .route .arrow{stroke-dasharray:5 4}
            .hg .dot{fill:var(--text)}
            """;

    private final Picture picture;
    private final Layout layout;
    private final Ports ports;
    private final StringBuilder out = new StringBuilder();

    SvgWriter(Picture picture, Layout layout) {
        this.picture = picture;
        this.layout = layout;
        ports = new Ports(layout.chains, layout.boxes);
    }

    String document() {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element() + "\n";
    }

    /** The {@code svg} element alone. */
    String element() {
        out.setLength(0);
        String title = picture.graph.goal().name().isBlank()
                ? picture.graph.id()
                : picture.graph.goal().name();
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"hg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\""
                        + " height=\"%.0f\" role=\"img\">\n",
                layout.width,
                layout.height,
                layout.width,
                layout.height));
        out.append("<title>").append(Escaped.xml(TextSize.clean(title))).append("</title>\n");
        out.append("<style>\n").append(STYLE).append("</style>\n");
        out.append("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
        start();
        layout.chains.forEach(this::arrow);
        for (int i = 0; i < picture.boxes.size(); i++) {
            box(i);
        }
        layout.loops.forEach(this::loop);
        layout.chains.forEach(chain -> label(chain.arrow(), chain.label(), chain.labelItem().x, chain.labelItem().y));
        return out.append("</svg>").toString();
    }

    private void start() {
        if (picture.entry < 0) {
            return;
        }
        Item entry = layout.boxes.get(picture.entry);
        double top = entry.y - entry.height / 2;
        out.append("<g class=\"start\">");
        out.append(String.format(
                Locale.ROOT, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/>", entry.x, top - 26));
        path(String.format(Locale.ROOT, "M%.1f %.1fV%.1f", entry.x, top - 20, top - 7));
        head(entry.x, top, 1);
        out.append("</g>\n");
    }

    private void box(int place) {
        Box box = picture.boxes.get(place);
        Item item = layout.boxes.get(place);
        double width = layout.drawnWidth(place, box);
        double x = item.x - width / 2;
        double y = item.y - item.height / 2;
        boolean idle = picture.run != null && !picture.run.visited(box.node().id());
        String style = (box.failed() ? "failed" : box.note().isEmpty() ? "" : "visited")
                + (idle ? " idle" : "")
                + (box.pause() ? " pause" : "");
        double radius = box.terminal() ? item.height / 2 : box.node().nodeType().equals(NodeSpec.ROUTER) ? 2 : 9;
        out.append("<g class=\"node ")
                .append(style)
                .append("\"><title>")
                .append(Escaped.xml(
                        TextSize.clean(box.node().id() + ": " + box.node().description())))
                .append("</title>");
        rect("box", x, y, width, item.height, radius);
        if (box.terminal()) {
            rect("inner", x + 4, y + 4, width - 8, item.height - 8, radius - 4);
        }
        double line = y + 25;
        for (String name : layout.names.get(place)) {
            text("name", name, item.x, line);
            line += 18;
        }
        text("small", box.caption(), item.x, line - 1);
        if (!box.note().isEmpty()) {
            text("note", box.note(), item.x, line + 15);
        }
        out.append("</g>\n");
    }

    private void rect(String style, double x, double y, double width, double height, double radius) {
        out.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\"/>",
                style,
                x,
                y,
                width,
                height,
                radius));
    }

    private void text(String style, String text, double x, double y) {
        out.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", style, x, y))
                .append(Escaped.xml(text))
                .append("</text>");
    }

    private void open(Arrow arrow) {
        boolean idle = picture.run != null && !arrow.taken();
        out.append("<g class=\"")
                .append(arrow.kind().name().toLowerCase(Locale.ROOT))
                .append(arrow.taken() ? " taken" : "")
                .append(idle ? " idle" : "")
                .append("\"><title>")
                .append(Escaped.xml(TextSize.clean(arrow.full())))
                .append("</title>");
    }

    /** Straight through each layer and curved between them. */
    private void arrow(Chain chain) {
        open(chain.arrow());
        List<Item> items = chain.items();
        Item top = items.get(0);
        Item bottom = items.get(items.size() - 1);
        double startX = ports.bottom(top, chain);
        double startY = top.y + top.height / 2 + (chain.turned() ? 7 : 0);
        double endX = ports.top(bottom, chain);
        double endY = bottom.y - bottom.height / 2 - (chain.turned() ? 0 : 7);
        StringBuilder d = new StringBuilder(String.format(Locale.ROOT, "M%.1f %.1f", startX, startY));
        double x = startX;
        double y = startY;
        for (Item bend : bends(chain, (startX + endX) / 2)) {
            double half = layout.layerHeights.get(bend.layer) / 2;
            curve(d, x, y, bend.x, bend.y - half);
            d.append(String.format(Locale.ROOT, "V%.1f", bend.y + half));
            x = bend.x;
            y = bend.y + half;
        }
        curve(d, x, y, endX, endY);
        path(d.toString());
        head(chain.turned() ? startX : endX, chain.turned() ? startY - 7 : endY + 7, chain.turned() ? -1 : 1);
        out.append("</g>\n");
    }

    /** An arrow to the next layer needs no bend where nothing is in its way. */
    private List<Item> bends(Chain chain, double middle) {
        List<Item> bends = chain.items().subList(1, chain.items().size() - 1);
        boolean direct = bends.size() == 1 && chain.label().isEmpty() && layout.corridors.isFree(bends.get(0), middle);
        return direct ? List.of() : bends;
    }

    private static void curve(StringBuilder d, double x, double y, double toX, double toY) {
        double middle = (y + toY) / 2;
        d.append(String.format(Locale.ROOT, "C%.1f %.1f %.1f %.1f %.1f %.1f", x, middle, toX, middle, toX, toY));
    }

    private void path(String d) {
        out.append("<path class=\"arrow\" d=\"").append(d).append("\"/>");
    }

    /** A point at (x, y); direction 1 is down, -1 up. */
    private void head(double x, double y, int direction) {
        double base = y - direction * 8;
        out.append(String.format(
                Locale.ROOT,
                "<path class=\"head\" d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fZ\"/>",
                x,
                y,
                x - 4.5,
                base,
                x + 4.5,
                base));
    }

    /** From the right side of a box back to it. */
    private void loop(Arrow arrow) {
        Item item = layout.boxes.get(arrow.from());
        double right = item.x + layout.drawnWidth(arrow.from(), picture.boxes.get(arrow.from())) / 2;
        open(arrow);
        path(String.format(
                Locale.ROOT,
                "M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f",
                right,
                item.y - 12,
                right + 40,
                item.y - 20,
                right + 40,
                item.y + 20,
                right + 7,
                item.y + 12));
        out.append(String.format(
                Locale.ROOT, "<path class=\"head\" d=\"M%.1f %.1fl8 -4.5v9Z\"/></g>\n", right, item.y + 12));
        List<String> label = Layout.label(arrow);
        label(arrow, label, right + 36 + Layout.labelWidth(label) / 2, item.y);
    }

    private void label(Arrow arrow, List<String> lines, double x, double y) {
        if (lines.isEmpty()) {
            return;
        }
        open(arrow);
        double width = Layout.labelWidth(lines) - 6;
        double height = lines.size() * 14 + 4;
        rect("under", x - width / 2, y - height / 2, width, height, 4);
        double line = y - height / 2 + 13;
        for (String text : lines) {
            text("label", text, x, line);
            line += 14;
        }
        out.append("</g>\n");
    }
}
