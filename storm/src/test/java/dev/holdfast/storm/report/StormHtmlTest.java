// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Band;
import dev.holdfast.storm.result.EngineResult.Check;
import dev.holdfast.storm.result.EngineResult.Series;
import dev.holdfast.storm.result.EngineResult.TargetResult;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.ScenarioResult.Mark;
import dev.holdfast.storm.result.StormResult;
import dev.holdfast.storm.result.StormResult.Form;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class StormHtmlTest {
    private static final String HOSTILE = "</title></style><script>alert('1')</script>\"& \u0000\u001B[31m\u202E\uD800";

    /** The page is written so that a reader of XML takes it too; so every tag is closed and every name escaped. */
    private static Document parsed(String html) throws Exception {
        String body = html.substring(html.indexOf("<html"));
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
    }

    private static List<Element> elements(Document page, String tag, String look) {
        NodeList all = page.getElementsByTagName(tag);
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            if (Arrays.asList(element.getAttribute("class").split(" ")).contains(look)) {
                found.add(element);
            }
        }
        return found;
    }

    private static StormResult storm(List<ScenarioResult> scenarios) {
        return new StormResult("holdfast storm", 1, Form.VIRTUAL_TIME, 1, List.of(), Map.of(), List.of(), scenarios);
    }

    @Test
    void aRunIsOnePageThatNeedsNothingElse() throws Exception {
        String html = StormHtml.of(SampleStorm.storm());

        Document page = parsed(html);
        assertThat(html).startsWith("<!doctype html>").contains("default-src 'none'");
        assertThat(html.replace("http://www.w3.org", "")).doesNotContain("http:", "https:", "url(", "@import", "src=");
        assertThat(page.getElementsByTagName("script").getLength()).isZero();
        assertThat(elements(page, "section", "scenario")).hasSize(2);
        assertThat(page.getDocumentElement().getTextContent())
                .contains("holdfast storm --seed 42", "retry.max_attempts 5 (default 3)", "resilience4j 2.4.0");
    }

    @Test
    void chartsComeBeforeFiguresAndFiguresBeforeChecks() {
        String html = StormHtml.of(SampleStorm.storm());

        String section = html.substring(html.indexOf("id=\"s1\""), html.indexOf("id=\"s2\""));
        assertThat(section)
                .containsSubsequence(
                        "class=\"marks\"",
                        "<b>Goodput</b>",
                        "<b>Circuits</b>",
                        "<b>Requests</b>",
                        "<table>",
                        "class=\"checks\"");
    }

    @Test
    void everyChartHasALineForEachEngineAndSaysInWordsWhatItShows() throws Exception {
        Document page = parsed(StormHtml.of(SampleStorm.storm()));

        assertThat(elements(page, "path", "line")).hasSize(2 * 4 * 6);
        assertThat(elements(page, "path", "k-holdfast")).hasSize(2 * 4);
        NodeList pictures = page.getElementsByTagName("svg");
        for (int i = 0; i < pictures.getLength(); i++) {
            Element picture = (Element) pictures.item(i);
            assertThat(picture.getAttribute("aria-hidden") + picture.getAttribute("aria-label"))
                    .isNotBlank();
        }
    }

    @Test
    void aDemandThatFailsIsMarkedInTheOverviewAndInItsScenario() throws Exception {
        Document page = parsed(StormHtml.of(SampleStorm.storm()));

        assertThat(elements(page, "span", "mark")).hasSize(1);
        assertThat(elements(page, "li", "fails")).singleElement().satisfies(check -> assertThat(check.getTextContent())
                .contains("amplification at most 1.05", "1.09"));
        assertThat(elements(page, "p", "verdict").get(0).getTextContent()).startsWith("✗ Demands that hold: 5 of 6.");
    }

    @Test
    void namesStayTextWhateverTheyHold() throws Exception {
        EngineResult engine = new EngineResult(
                HOSTILE,
                HOSTILE,
                1,
                1,
                0,
                0,
                1,
                1,
                null,
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                Duration.ZERO,
                0,
                0,
                0,
                List.of(new TargetResult(
                        HOSTILE, 1, 1, List.of(new Band(Duration.ZERO, Duration.ofSeconds(1), HOSTILE)))),
                new Series(List.of(1L), List.of(1L), List.of(1.0), List.of(1.0)),
                List.of(new Check(HOSTILE, HOSTILE, false)),
                null);
        ScenarioResult scenario = new ScenarioResult(
                HOSTILE,
                HOSTILE,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                List.of(HOSTILE),
                0.5,
                List.of(new Mark(Duration.ZERO, null, HOSTILE, HOSTILE)),
                List.of(1L),
                List.of(1.0),
                List.of(engine));

        StormResult storm = new StormResult(
                HOSTILE,
                1,
                Form.REAL_TIME,
                1,
                List.of(HOSTILE),
                Map.of(HOSTILE, HOSTILE),
                List.of(HOSTILE),
                List.of(scenario));

        for (String written : List.of(StormHtml.of(storm), StormPicture.of(storm, scenario))) {
            assertThat(written).doesNotContain("<script", "\u0000", "\u001B").contains("&lt;script&gt;");
            parsed(written.startsWith("<svg") ? "<html>" + written + "</html>" : written);
        }
    }

    @Test
    void aRunOfNothingAndAScenarioWithoutEnginesArePagesToo() throws Exception {
        parsed(StormHtml.of(storm(List.of())));
        parsed(StormHtml.of(
                storm(List.of(SampleStorm.scenario("calm", "Nothing.", List.of("a"), List.of(), List.of())))));
    }

    @Test
    void anEngineThatNeverSucceedsHasFiguresThatSaySo() throws Exception {
        EngineResult nothing = new EngineResult(
                "none",
                "no policy",
                0,
                0,
                0,
                0,
                Double.NaN,
                Double.NaN,
                null,
                null,
                null,
                null,
                0,
                0,
                0,
                List.of(),
                new Series(List.of(0L), List.of(0L), Arrays.asList((Double) null), Arrays.asList((Double) null)),
                List.of(),
                null);
        ScenarioResult scenario = new ScenarioResult(
                "dark",
                "Nothing answers.",
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                List.of("a"),
                null,
                List.of(new Mark(Duration.ZERO, Duration.ofMillis(500), "a", "dark")),
                List.of(0L),
                List.of(0.0),
                List.of(nothing));

        Document page = parsed(StormHtml.of(storm(List.of(scenario))));

        assertThat(elements(page, "div", "wide").get(0).getTextContent())
                .contains("never")
                .doesNotContain("NaN");
        assertThat(elements(page, "path", "line")).hasSize(4);
        assertThat(elements(page, "path", "line").get(2).getAttribute("d")).isEmpty();
    }

    @Test
    void oneBucketIsDrawnOverTheWholeWidth() throws Exception {
        ScenarioResult sample = SampleStorm.outage();
        EngineResult engine = sample.engines().get(0);
        EngineResult one = new EngineResult(
                engine.engine(),
                engine.label(),
                1,
                1,
                0,
                0,
                1,
                1,
                null,
                engine.p50(),
                engine.p99(),
                engine.recovery(),
                0,
                0,
                0,
                List.of(),
                new Series(List.of(5L), List.of(5L), List.of(10.0), List.of(10.0)),
                List.of(),
                null);
        ScenarioResult scenario = new ScenarioResult(
                "short",
                "One bucket.",
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                List.of("a"),
                null,
                List.of(),
                List.of(5L),
                List.of(5.0),
                List.of(one));

        Document page = parsed(StormHtml.of(storm(List.of(scenario))));

        assertThat(elements(page, "path", "line").get(0).getAttribute("d"))
                .startsWith("M0 ")
                .contains("L1000 ");
    }
}
