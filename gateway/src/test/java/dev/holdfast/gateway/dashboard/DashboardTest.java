// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import static dev.holdfast.gateway.dashboard.Page.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The page in a real browser, fed by a server that says what the test wants. Real time and sockets: a browser has no other. */
@Timeout(90)
class DashboardTest {
    private static final String STATE = "#targets li:first-child .state";
    private static final String LIVE = "document.getElementById('feed-text').innerText === 'Live'";

    private static Chromium browser;
    private FakeGateway gateway;
    private Page page;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        gateway = new FakeGateway();
        gateway.target("openai/gpt-4o-mini");
        gateway.target("claude");
        page = browser.page().shown(1440, 1000, "dark");
    }

    @AfterEach
    void close() {
        page.close();
        gateway.close();
    }

    private void openLive() {
        page.open(gateway.url());
        page.until(LIVE);
        page.until("document.body.classList.contains('known')");
    }

    private void enterKey(String key) {
        page.click("#admin-open");
        page.until("document.getElementById('key-dialog').open");
        page.type(key);
        page.press("Enter");
    }

    // What it loads and shows.

    @Test
    void loadsFromItsOwnServerOnlyAndWithoutComplaint() {
        openLive();
        gateway.ended(gateway.failedOver("call-1", "default", "openai/gpt-4o-mini", "claude"));
        gateway.tick(20, 1);
        page.until("document.querySelectorAll('.call').length === 1");

        assertThat(page.requests).hasSizeGreaterThan(8).allMatch(address -> address.startsWith(gateway.url()));
        assertThat(page.complaints).isEmpty();
    }

    @Test
    void showsATargetsFigures() {
        gateway.target("claude").put("queued", 3);
        openLive();

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
        openLive();

        assertThat(page.text(STATE)).contains("Blocked", "quota exhausted", "next try 0:5", "circuit closed");
        assertThat(page.text("#targets li:last-child .state")).contains("Paused", "paused 0:4");
        assertThat(page.text("#gateway-state")).contains("No target");
    }

    @Test
    void circuitOpensCountsDownToItsProbeAndCloses() {
        openLive();
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

        gateway.close("openai/gpt-4o-mini");

        page.untilText(STATE, "Closed");
        page.untilText("#gateway-state", "Ready");
    }

    @Test
    void callsAppearAsTheyEndWithTheirWaterfall() {
        openLive();
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
        assertThat(bars.get(2).get(1).doubleValue()).isCloseTo(400 / scale, org.assertj.core.data.Offset.offset(0.01));
        assertThat(bars.get(2).get(2).doubleValue()).isCloseTo(800 / scale, org.assertj.core.data.Offset.offset(0.01));

        page.click(".call-row");

        page.untilText(".call-more", "call-7");
        assertThat(page.text(".call-more")).contains("team-a", "overloaded, HTTP 529", "waited 100 ms, took 800 ms", "312 / 87");
    }

    @Test
    void listOfCallsStandsStillWhileSomebodyReads() {
        openLive();
        gateway.ended(gateway.failedOver("call-1", "default", "claude", "claude"));
        page.until("document.querySelectorAll('.call').length === 1");
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
        openLive();
        gateway.tick(20, 0);
        page.press("m");
        page.until("document.activeElement.getAttribute('role') === 'slider'");
        String now = page.value("document.activeElement.getAttribute('aria-valuetext')").stringValue();

        page.press("ArrowLeft");
        page.value("for (let i = 0; i < 270; i++) document.activeElement.dispatchEvent("
                + "new KeyboardEvent('keydown', {key: 'ArrowLeft', bubbles: true}))");

        assertThat(now).contains("/s").doesNotContain("open");
        page.until("document.activeElement.getAttribute('aria-valuetext').includes(' open')"
                + " || (document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'})), false)");
        assertThat(inked("#timeline canvas.total")).isTrue();
        assertThat(inked("#timeline canvas.single")).isTrue();
    }

    /** Whether anything is drawn there. */
    private boolean inked(String canvas) {
        return page.is("(() => { const c = document.querySelector(" + quoted(canvas) + ");"
                + " return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0); })()");
    }

    // The feed.

    @Test
    void comesBackByItselfAfterTheServerHasRestarted() throws IOException {
        openLive();
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
        openLive();

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

    // What an operator does.

    @Test
    void actionsAreNotOfferedWithoutTheKey() {
        openLive();

        assertThat(page.is("[...document.querySelectorAll('.actions, #gateway-actions')].every(e => e.offsetParent === null)"))
                .isTrue();
    }

    @Test
    void wrongKeyIsSaidToBeWrongAndOffersNothing() {
        openLive();

        enterKey("guessed");

        page.untilText("#key-error", "This key is wrong.");
        assertThat(page.is("document.querySelector('.actions').offsetParent === null")).isTrue();
        assertThat(gateway.actions).isEmpty();
    }

    @Test
    void withoutAConfiguredKeyThePageSaysSo() {
        gateway.adminKey = null;
        openLive();

        enterKey("anything");

        page.untilText("#key-error", "No admin_key is configured");
    }

    @Test
    void harmfulActionIsAskedForOnceMoreAndItsResultIsTold() {
        openLive();
        enterKey("night-shift");
        page.until("document.querySelector('.actions').offsetParent !== null");

        page.click("#targets li:first-child [data-action=open]");
        page.until("document.getElementById('confirm-dialog').open");
        assertThat(page.text("#confirm-text")).contains("openai/gpt-4o-mini");
        assertThat(page.is("document.activeElement.id === 'confirm-no'")).isTrue();
        page.click("#confirm-no");
        page.until("!document.getElementById('confirm-dialog').open");
        assertThat(gateway.actions).isEmpty();

        page.click("#targets li:first-child [data-action=open]");
        page.click("#confirm-yes");

        page.untilText("#toast", "openai/gpt-4o-mini opened. State: open.");
        assertThat(gateway.actions).containsExactly("POST /admin/targets/openai%2Fgpt-4o-mini/open");
    }

    @Test
    void harmlessActionIsDoneAtOnce() {
        openLive();
        enterKey("night-shift");
        page.until("document.querySelector('.actions').offsetParent !== null");

        page.click("#targets li:last-child [data-action=reset]");

        page.untilText("#toast", "claude reset");
        assertThat(gateway.actions).containsExactly("POST /admin/targets/claude/reset");
    }

    @Test
    void gatewayIsDrainedAfterAQuestion() {
        openLive();
        enterKey("night-shift");
        page.until("document.querySelector('#gateway-actions').offsetParent !== null");

        page.click("#gateway-actions [data-action=drain]");
        page.click("#confirm-yes");

        page.untilText("#gateway-state", "Draining");
        assertThat(gateway.actions).containsExactly("POST /admin/drain");
    }

    @Test
    void keyThatIsNoLongerAcceptedIsAskedForAgain() {
        openLive();
        enterKey("night-shift");
        page.until("document.querySelector('.actions').offsetParent !== null");

        gateway.adminKey = "changed";
        page.click("#targets li:last-child [data-action=reset]");

        page.untilText("#key-error", "no longer accepted");
        assertThat(gateway.actions).isEmpty();
        assertThat(page.is("document.querySelector('.actions').offsetParent === null")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keyIsKeptInTheTabOnlyWhenAskedFor(boolean keep) {
        openLive();
        page.click("#admin-open");
        if (keep) {
            page.click("#key-keep");
            page.click("#key-input");
        }
        page.type("night-shift");
        page.press("Enter");
        page.until("document.querySelector('.actions').offsetParent !== null");

        assertThat(page.value("JSON.stringify(localStorage) + document.cookie + location.href").stringValue())
                .doesNotContain("night-shift");
        assertThat(page.is("JSON.stringify(sessionStorage).includes('night-shift')")).isEqualTo(keep);
    }

    // Whoever looks at it, and whatever it is told.

    @ParameterizedTest
    @CsvSource({"390,844", "320,640", "768,1024", "1440,1000"})
    void nothingScrollsSideways(int width, int height) {
        gateway.target("a-name-without-any-place-to-break-".repeat(9).replace('-', 'x'));
        page.shown(width, height, "light");
        openLive();
        enterKey("night-shift");
        gateway.ended(gateway.failedOver("call-" + "9".repeat(120), "m".repeat(300), "t".repeat(300), "claude"));
        page.until("document.querySelectorAll('.call').length === 1");
        page.click(".call-row");

        assertThat(page.value("document.documentElement.scrollWidth").intValue()).isLessThanOrEqualTo(width);
    }

    @ParameterizedTest
    @CsvSource({"dark,1440", "light,1440", "dark,390", "light,390"})
    void accessibilityCheckerFindsNothingSerious(String scheme, int width) throws IOException, InterruptedException {
        String axe = Axe.script();
        gateway.open("openai/gpt-4o-mini", 42_000);
        gateway.target("claude").put("paused_ms", 30_000).put("band", "paused");
        gateway.target("third").putObject("blocked").put("reason", "auth").put("until_ms", 60_000);
        page.shown(width, 1000, scheme);
        openLive();
        enterKey("night-shift");
        gateway.ended(gateway.failedOver("call-1", "default", "openai/gpt-4o-mini", "claude"));
        page.until("document.querySelectorAll('.call').length === 1");
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
        openLive();
        gateway.ended(gateway.failedOver(name, name, name, name).put("client", name).put("code", name));
        page.until("document.querySelectorAll('.call').length === 1");
        page.click(".call-row");
        enterKey("night-shift");
        page.until("document.querySelector('.actions').offsetParent !== null");

        page.click("#targets li:last-child [data-action=reset]");
        page.untilText("#toast", "reset. State");

        assertThat(page.is("document.querySelectorAll('main img, main script').length === 0")).isTrue();
        assertThat(page.value("document.title").stringValue()).doesNotContain("taken");
        assertThat(page.value("document.body.innerText").stringValue()).doesNotContain("\u202e");
        assertThat(page.complaints).allMatch(complaint -> complaint.contains("/admin/targets/none-"));
        String encoded = gateway.actions.get(0).replaceAll("^POST /admin/targets/(.*)/reset$", "$1");
        assertThat(java.net.URLDecoder.decode(encoded, java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(name);
    }

    @Test
    void everythingIsReachedWithTheKeyboardAndItsFocusIsSeen() {
        openLive();
        gateway.ended(gateway.failedOver("call-1", "default", "claude", "claude"));
        page.until("document.querySelectorAll('.call').length === 1");
        page.value("window.seen = new Set()");

        for (int i = 0; i < 16; i++) {
            page.press("Tab");
            page.value("(() => { const e = document.activeElement; if (e === document.body) return; const s = getComputedStyle(e);"
                    + " seen.add((e.id || e.className || e.dataset.minutes || e.dataset.filter) + ' ' + s.outlineStyle); })()");
        }

        assertThat(page.value("[...seen].join(', ')").stringValue())
                .contains("skip solid", "admin-open solid", "theme solid", "help-open solid", "moment solid")
                .contains("calls-hold solid", "call-row solid")
                .doesNotContain("none");
    }

    @Test
    void keysOpenWhatTheHelpSaysAndCanBeSwitchedOff() {
        openLive();

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
        openLive();
        String system = page.value("getComputedStyle(document.body).backgroundColor").stringValue();

        page.click("#theme");
        String dark = page.value("getComputedStyle(document.body).backgroundColor").stringValue();
        page.click("#theme");
        String light = page.value("getComputedStyle(document.body).backgroundColor").stringValue();

        assertThat(dark).isEqualTo(system);
        assertThat(light).isNotEqualTo(dark);
    }

    @Test
    void rowsDoNotMoveWhileFiguresChange() {
        openLive();
        String where = "JSON.stringify([...document.querySelectorAll('.panel, .target, .figure')].map(e => e.offsetTop"
                + " + ' ' + e.offsetHeight))";
        gateway.ended(gateway.failedOver("call-1", "default", "claude", "claude"));
        page.until("document.querySelectorAll('.call').length === 1");
        String before = page.value(where).stringValue();

        gateway.target("claude").put("calls", 1_234_567).put("in_flight", 250);
        gateway.open("openai/gpt-4o-mini", 42_000);
        gateway.tick(400, 350);
        page.untilText("#targets li:last-child", "1.2M");

        assertThat(page.value(where).stringValue()).isEqualTo(before);
    }
}
