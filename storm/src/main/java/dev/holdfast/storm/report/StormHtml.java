// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Check;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.StormResult;
import dev.holdfast.storm.result.StormResult.Form;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A run of the storms as one page that holds everything it needs: charts first, then figures, checks and what was run where.
 * No script, nothing from elsewhere; dark where the reader's system is. Whatever names hold, it stays text.
 */
public final class StormHtml {
    private static final String ICON =
            "<svg viewBox=\"0 0 32 32\" width=\"28\" height=\"28\" aria-hidden=\"true\"><rect"
                    + " width=\"32\" height=\"32\" rx=\"7\" fill=\"#12324a\"/><path d=\"M10 7v18M22 7v18M10 16h12\" fill=\"none\""
                    + " stroke=\"#fff\" stroke-width=\"3.4\" stroke-linecap=\"round\"/><circle cx=\"16\" cy=\"16\" r=\"3.6\""
                    + " fill=\"#4fd1a1\" stroke=\"#12324a\" stroke-width=\"2\"/></svg>";

    private final StormResult storm;
    private final Cast cast;
    private final Markup page = new Markup();

    private StormHtml(StormResult storm) {
        this.storm = storm;
        this.cast = new Cast(storm);
    }

    /** The page, to be written in UTF-8. */
    public static String of(StormResult storm) {
        return new StormHtml(storm).write();
    }

    private String write() {
        page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                + "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                + " 'unsafe-inline'\"/>\n<title>Holdfast storms</title>\n<style>\n");
        page.raw(style());
        for (Cast.Member member : cast.members()) {
            page.raw("body:has(#show-" + member.look() + ":not(:checked)) :is(.line,.ends span,.strip,td,th,tr)."
                    + member.look() + "{display:none}\n");
        }
        page.raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the overview</a>\n");
        top();
        page.open("main", "id", "main").line();
        overview();
        for (int i = 0; i < storm.scenarios().size(); i++) {
            new ScenarioSection(storm.scenarios().get(i), cast).write(page, "s" + (i + 1));
        }
        about();
        return page.raw("</main>\n</body>\n</html>\n").toString();
    }

    private static String style() {
        try (InputStream in = Objects.requireNonNull(StormHtml.class.getResourceAsStream("storm.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name, and a switch for each engine: without one its lines and rows are gone. */
    private void top() {
        page.open("header", "class", "top").open("div", "class", "top-in");
        page.open("h1")
                .raw(ICON)
                .raw("<span>Holdfast <span class=\"soft\">storms</span></span>")
                .close("h1");
        if (!cast.members().isEmpty()) {
            page.open("fieldset", "class", "engines").element("legend", "Shown", "class", "hidden");
            for (Cast.Member member : cast.members()) {
                page.open("label", "class", member.look());
                page.empty("input", "type", "checkbox", "id", "show-" + member.look(), "checked", "");
                page.open("i", "class", "swatch")
                        .close("i")
                        .text(member.label())
                        .close("label");
            }
            page.close("fieldset");
        }
        page.close("div").close("header").line();
    }

    private void overview() {
        page.open("section", "class", "panel", "aria-labelledby", "overview");
        page.open("header")
                .element("h2", "Overview", "id", "overview")
                .element("p", lead())
                .close("header");
        new HeatTable(storm, cast).write(page);
        page.element("p", verdict(), "class", "verdict").close("section").line();
    }

    private String lead() {
        String how = storm.form() == Form.REAL_TIME
                ? "real requests over sockets, time compressed " + Figures.trimmed(storm.timeFactor(), 1) + "-fold"
                : "a model in virtual time";
        return "Goodput, as a share of what an oracle that knows the servers could have had served. Every engine met the"
                + " same trouble: seed " + storm.seed() + ", " + how + ".";
    }

    private String verdict() {
        List<Check> checks = storm.scenarios().stream()
                .flatMap(scenario -> scenario.engines().stream())
                .flatMap(engine -> engine.checks().stream())
                .toList();
        if (checks.isEmpty()) {
            return "Nothing is demanded of the engines of this run.";
        }
        long held = checks.stream().filter(Check::holds).count();
        String verdict = "Demands that hold: " + held + " of " + checks.size() + ".";
        return held == checks.size() ? "✓ " + verdict : "✗ " + verdict + " The scenarios marked ✗ say which do not.";
    }

    private void about() {
        page.open("section", "class", "panel about", "aria-labelledby", "about");
        page.open("header").element("h2", "What was run", "id", "about").close("header");
        page.element("h3", "To get the same again")
                .open("pre", "tabindex", "0")
                .element("code", storm.command())
                .close("pre");
        page.open("dl");
        page.element("dt", "Seed").element("dd", Long.toString(storm.seed()));
        page.element("dt", "Settings of Holdfast");
        if (storm.settings().isEmpty()) {
            page.element("dd", "the defaults");
        }
        storm.settings().forEach(line -> page.element("dd", line));
        page.element("dt", "Machine");
        storm.machine().forEach(line -> page.element("dd", line));
        page.element("dt", "Versions");
        storm.versions().forEach((name, version) -> page.element("dd", name + " " + version));
        page.element("dt", "Words");
        WORDS.forEach(line -> page.element("dd", line));
        page.close("dl").close("section").line();
    }

    private static final List<String> WORDS = List.of(
            "Goodput: calls that ended in time with a whole answer, nothing missing and nothing twice.",
            "Oracle: the calls that could have succeeded, by what the servers were able to do at that time.",
            "Requests a call: requests that reached a target for each call that made an attempt there; 1 is no retry at"
                    + " all.",
            "Recovery: from the end of the last trouble until goodput stays at 95 % of the oracle.");

    /** Whether any demand on an engine fails in a scenario. */
    static boolean fails(EngineResult engine) {
        return engine.checks().stream().anyMatch(check -> !check.holds());
    }

    static String anchor(StormResult storm, ScenarioResult scenario) {
        return "#s" + (storm.scenarios().indexOf(scenario) + 1);
    }
}
