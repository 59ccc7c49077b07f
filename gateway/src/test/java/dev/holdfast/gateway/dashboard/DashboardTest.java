// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import static dev.holdfast.gateway.dashboard.Page.quoted;
import static dev.holdfast.gateway.dashboard.Session.LIVE;
import static dev.holdfast.gateway.dashboard.Session.STATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What the page shows, and how it stays fed, in a real browser. Real time and sockets: a browser has no other. */
@Timeout(90)
class DashboardTest {
    @RegisterExtension
    final Session session = new Session();

    private final FakeGateway gateway = session.gateway;
    private final Page page = session.page;

    @Test
    void loadsFromItsOwnServerOnlyAndWithoutComplaint() {
        session.openLive();
        gateway.ended(gateway.failedOver("call-1", "default", "openai/gpt-4o-mini", "claude"));
        gateway.tick(20, 1);
        page.until("document.querySelectorAll('.call').length === 1");

        assertThat(page.requests).hasSizeGreaterThan(8).allMatch(address -> address.startsWith(gateway.url()));
        assertThat(page.complaints).isEmpty();
    }

    @Test
    void showsATargetsFigures() {
        gateway.target("claude").put("queued", 3);
        session.openLive();

        String row = page.text("#targets li:last-child");

        assertThat(row)
                .contains("claude", "Closed", "1,200", "overloaded 20", "412 ms / 1.83 s", "52K / 9,100", "480")
                .contains("3 waiting");
    }

    @Test
    void showsPauseAndBlockWithTheirReasonsAndEnds() {
        gateway.target("openai/gpt-4o-mini")
                .put("band", "blocked")
                .putObject("blocked")
                .put("reason", "quota_exhausted")
                .put("until_ms", 58_000);
        gateway.target("claude").put("band", "paused").put("paused_ms", 41_000);
        session.openLive();

        assertThat(page.text(STATE)).contains("Blocked", "quota exhausted", "next try 0:5", "circuit closed");
        assertThat(page.text("#targets li:last-child .state")).contains("Paused", "paused 0:4");
        assertThat(page.text("#gateway-state")).contains("No target");
    }

    @Test
    void circuitOpensCountsDownToItsProbeAndCloses() {
        session.openLive();
        assertThat(page.text(STATE)).contains("Closed");

        gateway.open("openai/gpt-4o-mini", 42_000);

        page.untilText(STATE, "Open");
        assertThat(page.text(STATE)).contains("probe in 0:4");
        assertThat(page.text("#gateway-state")).contains("Degraded");
        assertThat(page.value("document.querySelector('" + STATE + " use').getAttribute('href')")
                        .stringValue())
                .isEqualTo("#i-open");
        String before = page.text(STATE);
        page.until("document.querySelector('" + STATE + "').innerText !== " + quoted(before));

        gateway.tick(5, 5);
        page.untilText("#changes li:first-child", "opened");
        page.untilText("#news", "opened");

        gateway.close("openai/gpt-4o-mini");

        page.untilText(STATE, "Closed");
        page.untilText("#gateway-state", "Ready");
    }

    @Test
    void callsAppearAsTheyEndWithTheirWaterfall() {
        session.openLive();
        page.untilText("#calls-empty", "curl -s " + gateway.url());

        gateway.ended(gateway.failedOver("call-7", "default", "openai/gpt-4o-mini", "claude"));

        page.until("document.querySelectorAll('.call').length === 1");
        assertThat(page.text(".call")).contains("answered", "default", "claude", "2×", "1.20 s");
        JsonNode bars = page.value("[...document.querySelectorAll('.call-row .bar')].map(b => [b.dataset.kind,"
                + " b.offsetLeft / b.parentElement.offsetWidth, b.offsetWidth / b.parentElement.offsetWidth])");
        assertThat(bars).hasSize(3);
        assertThat(bars.get(0).get(0).stringValue()).isEqualTo("failure");
        assertThat(bars.get(1).get(0).stringValue()).isEqualTo("wait");
        assertThat(bars.get(2).get(0).stringValue()).isEqualTo("success");
        double scale = 2000;
        assertThat(bars.get(2).get(1).doubleValue()).isCloseTo(400 / scale, offset(0.01));
        assertThat(bars.get(2).get(2).doubleValue()).isCloseTo(800 / scale, offset(0.01));

        page.click(".call-row");

        page.untilText(".call-more", "call-7");
        assertThat(page.text(".call-more"))
                .contains("team-a", "overloaded, HTTP 529", "waited 100 ms, took 800 ms", "312 / 87");
    }

    @Test
    void listOfCallsStandsStillWhileSomebodyReads() {
        session.openLive();
        session.showOneCall();
        page.click(".call-row");
        page.leave();

        gateway.ended(gateway.failedOver("call-2", "default", "claude", "claude"));

        page.untilText("#calls-note", "1 newer call");
        assertThat(page.is("document.querySelectorAll('.call').length === 1")).isTrue();
        page.click("#calls-hold");
        page.leave();
        page.until("document.querySelectorAll('.call').length === 2");
    }

    @Test
    void timelineShowsStatesOfTheLastMinutes() {
        session.openLive();
        gateway.tick(20, 0);
        page.press("m");
        page.until("document.activeElement.getAttribute('role') === 'slider'");
        String now = page.value("document.activeElement.getAttribute('aria-valuetext')")
                .stringValue();

        page.press("ArrowLeft");
        page.value("for (let i = 0; i < 270; i++) document.activeElement.dispatchEvent("
                + "new KeyboardEvent('keydown', {key: 'ArrowLeft', bubbles: true}))");

        assertThat(now).contains("/s").doesNotContain("open");
        page.until("document.activeElement.getAttribute('aria-valuetext').includes(' open') ||"
                + " (document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'})),"
                + " false)");
        assertThat(inked("#timeline canvas.total")).isTrue();
        assertThat(inked("#timeline canvas.single")).isTrue();
    }

    /** Whether anything is drawn there. */
    private boolean inked(String canvas) {
        return page.is("(() => { const c = document.querySelector(" + quoted(canvas) + ");"
                + " return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0); })()");
    }

    @Test
    void comesBackByItselfAfterTheServerHasRestarted() throws IOException {
        session.openLive();
        gateway.stop();
        page.untilText("#feed-text", "Not live");
        assertThat(page.is("document.body.classList.contains('stale')")).isTrue();

        gateway.target("openai/gpt-4o-mini").put("circuit", "open").put("next_probe_ms", 30_000);
        gateway.startAgain();

        page.until(LIVE);
        page.untilText(STATE, "Open");
    }

    @Test
    void oneEventThatCannotBeReadIsNoReasonToLoseTheNext() {
        session.openLive();

        gateway.tellRaw("event: call\ndata: {broken\n\n");
        gateway.open("openai/gpt-4o-mini", 42_000);

        page.untilText(STATE, "Open");
        assertThat(page.is(LIVE)).isTrue();
    }

    @Test
    void asksForTheKeyWhereTheStateIsNotPublicAndReadsWithIt() {
        gateway.apiNeedsKey = true;
        page.open(gateway.url());
        page.until("document.getElementById('key-dialog').open");
        page.untilText("#feed-text", "Needs the admin key");

        page.type("wrong");
        page.press("Enter");
        page.untilText("#key-error", "wrong");
        page.value("document.getElementById('key-input').value = ''");
        page.type("night-shift");
        page.press("Enter");

        page.until(LIVE);
        assertThat(page.requests).noneMatch(address -> address.contains("night-shift"));
    }
}
