// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The page in a window of its own, before a server that says what the test wants: two targets without trouble at first. Made
 * for each test, and closed after it.
 */
final class Session implements AfterEachCallback {
    static final String STATE = "#targets li:first-child .state";
    static final String LIVE = "document.getElementById('feed-text').innerText === 'Live'";

    final Page page;
    final FakeGateway gateway;

    Session() {
        page = Chromium.shared().page().shown(1440, 1000, "dark");
        gateway = new FakeGateway();
        gateway.target("openai/gpt-4o-mini");
        gateway.target("claude");
    }

    void openLive() {
        page.open(gateway.url());
        page.until(LIVE);
        page.until("document.body.classList.contains('known')");
    }

    /** Types a key into the dialog for it and sends it off. */
    void enterKey(String key) {
        page.click("#admin-open");
        page.until("document.getElementById('key-dialog').open");
        page.type(key);
        page.press("Enter");
    }

    void enterRightKey() {
        enterKey("night-shift");
        page.until("document.querySelector('.actions').offsetParent !== null");
    }

    /** One call has ended and is on the page. */
    void showOneCall() {
        gateway.ended(gateway.failedOver("call-1", "default", "openai/gpt-4o-mini", "claude"));
        page.until("document.querySelectorAll('.call').length === 1");
    }

    @Override
    public void afterEach(ExtensionContext test) {
        page.close();
        gateway.close();
    }
}
