// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.foreign.NodeServers;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whoever looks at the page and whatever it is told, in a real browser. Real time and sockets: a browser has no other. */
@Timeout(90)
class DashboardAccessTest {
    private static final NodeServers AXE = new NodeServers("gateway", "axe-core");

    @RegisterExtension
    final Session session = new Session();

    private final FakeGateway gateway = session.gateway;
    private final Page page = session.page;

    @ParameterizedTest
    @CsvSource({"390,844", "320,640", "768,1024", "1440,1000"})
    void nothingScrollsSideways(int width, int height) {
        gateway.target("a-name-without-any-place-to-break-".repeat(9).replace('-', 'x'));
        page.shown(width, height, "light");
        session.openLive();
        session.enterKey("night-shift");
        gateway.ended(gateway.failedOver("call-" + "9".repeat(120), "m".repeat(300), "t".repeat(300), "claude"));
        page.until("document.querySelectorAll('.call').length === 1");
        page.click(".call-row");

        assertThat(page.value("document.documentElement.scrollWidth").intValue())
                .isLessThanOrEqualTo(width);
    }

    @ParameterizedTest
    @CsvSource({"dark,1440", "light,1440", "dark,390", "light,390"})
    void accessibilityCheckerFindsNothingSerious(String scheme, int width) throws IOException, InterruptedException {
        String axe = Files.readString(AXE.installed().resolve("node_modules/axe-core/axe.min.js"));
        gateway.open("openai/gpt-4o-mini", 42_000);
        gateway.target("claude").put("paused_ms", 30_000).put("band", "paused");
        gateway.target("third").putObject("blocked").put("reason", "auth").put("until_ms", 60_000);
        page.shown(width, 1000, scheme);
        session.openLive();
        session.enterKey("night-shift");
        session.showOneCall();
        page.click(".call-row");
        page.untilText(".call-more", "call-1");

        page.value(axe);

        assertThat(violations()).as("page").isEmpty();
        page.click("#targets li:first-child [data-action=open]");
        page.until("document.getElementById('confirm-dialog').open");
        assertThat(violations()).as("question").isEmpty();
        page.press("Escape");
        page.click("#help-open");
        page.until("document.getElementById('help-dialog').open");
        assertThat(violations()).as("help").isEmpty();
        page.press("Escape");
        page.click("#admin-open");
        page.until("document.getElementById('key-dialog').open");
        assertThat(violations()).as("key").isEmpty();
        assertThat(page.is("[...document.querySelectorAll('button')].filter(b => b.getClientRects().length)"
                        + ".every(b => (b.getAttribute('aria-label') || b.innerText).trim() !== '')"))
                .isTrue();
    }

    private JsonNode violations() {
        return page.value("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>"
                + " [v.impact, v.id, v.nodes.map(n => n.target + ' ' + n.failureSummary)]))");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<img src=x onerror=\"document.title='taken'\">",
                "</script><script>document.title='taken'</script>",
                "\u202eelif\u202c\u0000\u0007\n",
                "مزود الخدمة",
                "a/../../%2e%2e/🔥"
            })
    void hostileNamesAreTextAndDoNoHarm(String name) {
        gateway.target(name).put("model", name).put("provider", name);
        gateway.open(name, 42_000);
        session.openLive();
        gateway.ended(
                gateway.failedOver(name, name, name, name).put("client", name).put("code", name));
        page.until("document.querySelectorAll('.call').length === 1");
        page.click(".call-row");
        session.enterRightKey();

        page.click("#targets li:last-child [data-action=reset]");
        page.untilText("#toast", "reset. State");

        assertThat(page.is("document.querySelectorAll('main img, main script').length === 0"))
                .isTrue();
        assertThat(page.value("document.title").stringValue()).doesNotContain("taken");
        assertThat(page.value("document.body.innerText").stringValue()).doesNotContain("\u202e");
        assertThat(page.complaints).allMatch(complaint -> complaint.contains("/admin/targets/none-"));
        String encoded = gateway.actions.get(0).replaceAll("^POST /admin/targets/(.*)/reset$", "$1");
        assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(name);
    }

    @Test
    void everythingIsReachedWithTheKeyboardAndItsFocusIsSeen() {
        session.openLive();
        session.showOneCall();
        page.value("window.seen = new Set()");

        for (int i = 0; i < 16; i++) {
            page.press("Tab");
            page.value("(() => { const e = document.activeElement; if (e === document.body) return; const s ="
                    + " getComputedStyle(e); seen.add((e.id || e.className || e.dataset.minutes ||"
                    + " e.dataset.filter) + ' ' + s.outlineStyle); })()");
        }

        assertThat(page.value("[...seen].join(', ')").stringValue())
                .contains("skip solid", "admin-open solid", "theme solid", "help-open solid", "moment solid")
                .contains("calls-hold solid", "call-row solid")
                .doesNotContain("none");
    }

    @Test
    void keysOpenWhatTheHelpSaysAndCanBeSwitchedOff() {
        session.openLive();

        page.press("?");
        page.until("document.getElementById('help-dialog').open");
        page.click("#keys-on");
        page.press("Escape");
        page.until("!document.getElementById('help-dialog').open");
        page.press("k");

        assertThat(page.is("document.getElementById('key-dialog').open")).isFalse();
    }

    @Test
    void themeGoesFromTheSystemsToDarkToLight() {
        session.openLive();
        String system =
                page.value("getComputedStyle(document.body).backgroundColor").stringValue();

        page.click("#theme");
        String dark =
                page.value("getComputedStyle(document.body).backgroundColor").stringValue();
        page.click("#theme");
        String light =
                page.value("getComputedStyle(document.body).backgroundColor").stringValue();

        assertThat(dark).isEqualTo(system);
        assertThat(light).isNotEqualTo(dark);
    }

    @Test
    void rowsDoNotMoveWhileFiguresChange() {
        gateway.target("claude").putObject("failures");
        session.openLive();
        String where = "JSON.stringify([...document.querySelectorAll('.panel, .target, .figure')].map(e => e.offsetTop"
                + " + ' ' + e.offsetHeight))";
        session.showOneCall();
        String before = page.value(where).stringValue();

        gateway.target("claude")
                .put("calls", 1_234_567)
                .put("in_flight", 250)
                .putObject("failures")
                .put("overloaded", 123_456)
                .put("rate_limit", 23_456)
                .put("stream_interrupted", 3_456)
                .put("timeout", 7);
        gateway.open("openai/gpt-4o-mini", 42_000);
        gateway.tick(400, 350);
        page.untilText("#targets li:last-child", "1.2M");

        assertThat(page.value(where).stringValue()).isEqualTo(before);
    }
}
