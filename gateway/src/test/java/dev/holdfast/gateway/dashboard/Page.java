// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** One window of a {@link Chromium}: what is done in it, and all that it asked for and complained of. */
final class Page implements AutoCloseable {
    private final Chromium browser;
    private final String context;
    private final String session;

    /** What the console showed as an error or warning, uncaught exceptions and refused resources. */
    final List<String> complaints = new CopyOnWriteArrayList<>();

    /** The address of each request. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    Page(Chromium browser, String context, String session) {
        this.browser = browser;
        this.context = context;
        this.session = session;
        browser.onEvent(session, this::heard);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            send(domain + ".enable", Map.of());
        }
    }

    private void heard(JsonNode event) {
        JsonNode data = event.path("params");
        switch (event.path("method").asString("")) {
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning").contains(data.path("type").asString(""))) {
                    complaints.add("console: " + data.path("args"));
                }
            }
            case "Runtime.exceptionThrown" -> complaints.add("exception: " + data.path("exceptionDetails"));
            case "Log.entryAdded" -> complaints.add("log: " + data.path("entry").path("text").asString("") + " "
                    + data.path("entry").path("url").asString(""));
            case "Network.requestWillBeSent" -> requests.add(data.path("request").path("url").asString(""));
            default -> {}
        }
    }

    private JsonNode send(String method, Map<String, ?> parameters) {
        return browser.send(session, method, parameters);
    }

    /** Sets the size in CSS pixels and the wishes of who looks. */
    Page shown(int width, int height, String scheme) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        return this;
    }

    void open(String address) {
        send("Page.navigate", Map.of("url", address));
    }

    /** The value of an expression, waited for if it is a promise. */
    JsonNode value(String expression) {
        JsonNode result = send(
                "Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(result.path("exceptionDetails").toString());
        }
        return result.path("result").path("value");
    }

    String text(String selector) {
        return value("document.querySelector(" + quoted(selector) + ").innerText").asString("");
    }

    boolean is(String expression) {
        return value("Boolean(" + expression + ")").booleanValue();
    }

    /** Waits in the page, in real time since a browser has no other, until the expression holds. */
    void until(String expression) {
        until(expression, Duration.ofSeconds(15));
    }

    void until(String expression, Duration atMost) {
        String wait = "new Promise((found, never) => { const begin = performance.now(); const look = () => {"
                + " let holds = false; try { holds = (" + expression + "); } catch { }"
                + " if (holds) found(true); else if (performance.now() - begin > " + atMost.toMillis() + ") found(false);"
                + " else setTimeout(look, 20); }; look(); })";
        if (!value(wait).booleanValue()) {
            throw new AssertionError("never became true: " + expression + "\ncomplaints: " + complaints + "\npage: "
                    + value("document.body.innerText").asString(""));
        }
    }

    /** Waits until an element shows a text. */
    void untilText(String selector, String text) {
        until("document.querySelector(" + quoted(selector) + ").innerText.includes(" + quoted(text) + ")");
    }

    /** Presses the mouse in the middle of an element, as a person would: what covers it gets the press. */
    void click(String selector) {
        JsonNode at = value("(() => { const e = document.querySelector(" + quoted(selector) + ");"
                + " e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
                + " return {x: b.x + b.width / 2, y: b.y + b.height / 2}; })()");
        for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
            send(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type", type,
                            "x", at.path("x").doubleValue(),
                            "y", at.path("y").doubleValue(),
                            "button", type.equals("mouseMoved") ? "none" : "left",
                            "clickCount", type.equals("mouseMoved") ? 0 : 1));
        }
    }

    /** Moves the mouse away from everything. */
    void leave() {
        send("Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", 1, "y", 1));
    }

    /** Presses one key, named as in {@code KeyboardEvent.key}. */
    void press(String key) {
        int code =
                switch (key) {
                    case "Tab" -> 9;
                    case "Enter" -> 13;
                    case "Escape" -> 27;
                    case "ArrowLeft" -> 37;
                    case "ArrowRight" -> 39;
                    case "ArrowDown" -> 40;
                    default -> key.toUpperCase(java.util.Locale.ROOT).charAt(0);
                };
        String text = key.length() == 1 ? key : key.equals("Enter") ? "\r" : "";
        send(
                "Input.dispatchKeyEvent",
                Map.of("type", text.isEmpty() ? "rawKeyDown" : "keyDown", "key", key, "windowsVirtualKeyCode", code, "text", text));
        send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
    }

    /** Types into whatever has the focus. */
    void type(String text) {
        send("Input.insertText", Map.of("text", text));
    }

    /** What is seen now, as PNG. */
    byte[] picture() {
        return Base64.getDecoder()
                .decode(send("Page.captureScreenshot", Map.of("format", "png")).path("data").asString(""));
    }

    /** A string of JavaScript. */
    static String quoted(String text) {
        return tools.jackson.databind.json.JsonMapper.shared().writeValueAsString(text);
    }

    @Override
    public void close() {
        browser.send(null, "Target.disposeBrowserContext", Map.of("browserContextId", context));
    }
}
