// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.Graph;
import dev.holdfast.graph.diagram.Picture.Kind;
import dev.holdfast.graph.diagram.RunTrace.Visit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Writes a page around the picture: title, legend, and of a run its visits. No script, nothing from elsewhere. */
final class HtmlWriter {
    private static final String STYLE = """
            :root{color-scheme:light dark;--page:#ffffff;--ink:#0f172a;--soft:#475569;--rule:#e2e8f0;--bar:#93b4f5;--bad:#dc2626}
            @media(prefers-color-scheme:dark){:root{--page:#0b1220;--ink:#f1f5f9;--soft:#b6c2d4;--rule:#26334d;--bar:#4673c9;--bad:#ff9a9a}}
            body{margin:0;padding:24px;background:var(--page);color:var(--ink);\
            font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}
            h1,p,ul,table{max-width:1100px}
            h1{font-size:22px;margin:0 0 4px}
            p{margin:0 0 12px;color:var(--soft);max-width:75ch}
            .picture{overflow-x:auto;border:1px solid var(--rule);border-radius:10px}
            .picture svg{display:block;margin:0 auto}
            ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;padding:0;margin:12px 0;color:var(--soft);font-size:13px}
            li span{display:inline-block;width:26px;height:0;border-top:3px solid var(--c);margin-right:8px;vertical-align:middle}
            li.dashed span{border-top-style:dashed}
            table{border-collapse:collapse;width:100%;margin-top:16px;font-size:14px}
            th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--rule);vertical-align:middle}
            th{color:var(--soft);font-weight:600}
            td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
            td.t{width:38%}
            td.t div{height:10px;border-radius:3px;background:var(--bar);min-width:2px}
            tr.bad td.o{color:var(--bad);font-weight:600}
            tr.bad td.t div{background:var(--bad)}
            """;

    private final Picture picture;
    private final SvgWriter svg;
    private final StringBuilder out = new StringBuilder();

    HtmlWriter(Picture picture, SvgWriter svg) {
        this.picture = picture;
        this.svg = svg;
    }

    String write() {
        Graph graph = picture.graph;
        String title = graph.goal().name().isBlank() ? graph.id() : graph.goal().name();
        String about = graph.description().isBlank() ? graph.goal().description() : graph.description();
        out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                        + " 'unsafe-inline'\">\n")
                .append("<title>")
                .append(text(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>")
                .append(text(title))
                .append("</h1>\n<p>")
                .append(text(about))
                .append("</p>\n");
        if (picture.run != null) {
            RunTrace trace = picture.run.trace();
            out.append("<p>Run: ")
                    .append(text(trace.outcome()))
                    .append(", ")
                    .append(trace.visits().size())
                    .append(" visits, ")
                    .append(RunFacts.time(trace.elapsed()))
                    .append("</p>\n");
        }
        legend();
        out.append("<div class=\"picture\">\n").append(svg.element()).append("\n</div>\n");
        if (picture.run != null) {
            visits(picture.run.trace().visits());
        }
        return out.append("</main>\n</body>\n</html>\n").toString();
    }

    /** Only what the picture shows. */
    private void legend() {
        out.append("<ul class=\"hg\">");
        entry(Kind.SUCCESS, "on success");
        entry(Kind.ALWAYS, "always");
        entry(Kind.CONDITION, "condition");
        entry(Kind.FAILURE, "on failure");
        entry(Kind.MODEL, "model decides");
        entry(Kind.ROUTE, "route");
        out.append("</ul>\n");
    }

    private void entry(Kind kind, String meaning) {
        if (picture.arrows.stream().noneMatch(arrow -> arrow.kind() == kind)) {
            return;
        }
        boolean dashed = kind == Kind.FAILURE || kind == Kind.MODEL || kind == Kind.ROUTE;
        out.append("<li class=\"")
                .append(kind.name().toLowerCase(Locale.ROOT))
                .append(dashed ? " dashed" : "")
                .append("\"><span></span>")
                .append(meaning)
                .append("</li>");
    }

    private void visits(List<Visit> visits) {
        Duration longest =
                visits.stream().map(Visit::elapsed).max(Duration::compareTo).orElse(Duration.ZERO);
        out.append(
                "<table>\n<tr><th>#</th><th>node</th><th>outcome</th><th>attempts</th><th colspan=\"2\">time</th></tr>\n");
        for (int i = 0; i < visits.size(); i++) {
            Visit visit = visits.get(i);
            double share = longest.isZero() ? 0 : 100.0 * visit.elapsed().toNanos() / longest.toNanos();
            out.append("<tr")
                    .append(visit.failed() ? " class=\"bad\"" : "")
                    .append("><td class=\"n\">")
                    .append(i + 1)
                    .append("</td><td>")
                    .append(text(visit.node()))
                    .append("</td><td class=\"o\">")
                    .append(visit.failed() ? "failed" : "done")
                    .append("</td><td class=\"n\">")
                    .append(visit.attempts())
                    .append(visit.failedAttempts() == 0 ? "" : " (" + visit.failedAttempts() + " failed)")
                    .append("</td><td class=\"n\">")
                    .append(RunFacts.time(visit.elapsed()))
                    .append(String.format(
                            Locale.ROOT, "</td><td class=\"t\"><div style=\"width:%.1f%%\"></div></td></tr>%n", share));
        }
        out.append("</table>\n");
    }

    private static String text(String text) {
        return Escaped.xml(TextSize.clean(text));
    }
}
