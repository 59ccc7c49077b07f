// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator does on the page, in a real browser. Real time and sockets: a browser has no other. */
@Timeout(90)
class DashboardActionsTest {
    @RegisterExtension
    final Session session = new Session();

    private final FakeGateway gateway = session.gateway;
    private final Page page = session.page;

    @Test
    void actionsAreNotOfferedWithoutTheKey() {
        session.openLive();

        assertThat(page.is("[...document.querySelectorAll('.actions, #gateway-actions')].every(e =>"
                        + " e.offsetParent === null)"))
                .isTrue();
    }

    @Test
    void wrongKeyIsSaidToBeWrongAndOffersNothing() {
        session.openLive();

        session.enterKey("guessed");

        page.untilText("#key-error", "This key is wrong.");
        assertThat(page.is("document.querySelector('.actions').offsetParent === null"))
                .isTrue();
        assertThat(gateway.actions).isEmpty();
    }

    @Test
    void withoutAConfiguredKeyThePageSaysSo() {
        gateway.adminKey = null;
        session.openLive();

        session.enterKey("anything");

        page.untilText("#key-error", "No admin_key is configured");
    }

    @Test
    void harmfulActionIsAskedForOnceMoreAndItsResultIsTold() {
        session.openLive();
        session.enterRightKey();

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
        session.openLive();
        session.enterRightKey();

        page.click("#targets li:last-child [data-action=reset]");

        page.untilText("#toast", "claude reset");
        assertThat(gateway.actions).containsExactly("POST /admin/targets/claude/reset");
    }

    @Test
    void gatewayIsDrainedAfterAQuestion() {
        session.openLive();
        session.enterRightKey();

        page.click("#gateway-actions [data-action=drain]");
        page.click("#confirm-yes");

        page.untilText("#gateway-state", "Draining");
        assertThat(gateway.actions).containsExactly("POST /admin/drain");
    }

    @Test
    void keyThatIsNoLongerAcceptedIsAskedForAgain() {
        session.openLive();
        session.enterRightKey();

        gateway.adminKey = "changed";
        page.click("#targets li:last-child [data-action=reset]");

        page.untilText("#key-error", "no longer accepted");
        assertThat(gateway.actions).isEmpty();
        assertThat(page.is("document.querySelector('.actions').offsetParent === null"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keyIsKeptInTheTabOnlyWhenAskedFor(boolean keep) {
        session.openLive();
        page.click("#admin-open");
        if (keep) {
            page.click("#key-keep");
            page.click("#key-input");
        }
        page.type("night-shift");
        page.press("Enter");
        page.until("document.querySelector('.actions').offsetParent !== null");

        assertThat(page.value("JSON.stringify(localStorage) + document.cookie + location.href")
                        .stringValue())
                .doesNotContain("night-shift");
        assertThat(page.is("JSON.stringify(sessionStorage).includes('night-shift')"))
                .isEqualTo(keep);
    }
}
