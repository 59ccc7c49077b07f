// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says what a gateway says, as a test wants it: serves the page and its data, tells those who watch, takes admin actions and
 * writes them down. For what no real gateway does at a wish.
 */
final class FakeGateway implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();
    private final Map<String, ObjectNode> targets = new LinkedHashMap<>();
    private final List<ObjectNode> calls = new ArrayList<>();
    private final List<OutputStream> watchers = new CopyOnWriteArrayList<>();
    private final FakeServer server;

    /** Method and path, still encoded, of each admin action that was let through. */
    final List<String> actions = new CopyOnWriteArrayList<>();

    volatile @Nullable String adminKey = "night-shift";
    volatile boolean apiNeedsKey;
    private volatile boolean draining;

    FakeGateway() {
        server = new FakeServer(this);
    }

    String url() {
        return server.url();
    }

    /** Ends every connection and does not listen any more. */
    void stop() {
        server.stop();
        watchers.clear();
    }

    /** Listens again where it did. */
    void startAgain() {
        server.listenAgain();
    }

    /** A target without trouble, to be changed as the test goes. */
    synchronized ObjectNode target(String name) {
        return targets.computeIfAbsent(name, absent -> {
            ObjectNode made = JSON.createObjectNode()
                    .put("name", name)
                    .put("provider", "openai")
                    .put("model", "gpt-4o-mini")
                    .put("dialect", "openai")
                    .put("circuit", "closed")
                    .put("forced", false)
                    .putNull("blocked")
                    .putNull("next_probe_ms")
                    .put("paused_ms", 0)
                    .put("drained", false)
                    .put("band", "closed")
                    .put("in_flight", 2)
                    .put("queued", 0)
                    .put("calls", 1200)
                    .put("succeeded", 1180)
                    .put("budget", 480.5);
            made.putObject("failures").put("overloaded", 20);
            made.putObject("first_content_ms").put("p50", 412).put("p95", 1830);
            made.putObject("tokens").put("input", 52000).put("output", 9100);
            return made;
        });
    }

    /** Opens the circuit of a target for those who watch. */
    void open(String name, long probeInMillis) {
        synchronized (this) {
            target(name).put("circuit", "open").put("band", "open").put("next_probe_ms", probeInMillis);
        }
        tellOf("opened", name);
    }

    void close(String name) {
        synchronized (this) {
            target(name).put("circuit", "closed").put("band", "closed").putNull("next_probe_ms");
        }
        tellOf("closed", name);
    }

    void tellOf(String change, String name) {
        ObjectNode event = JSON.createObjectNode()
                .put("now_ms", System.currentTimeMillis())
                .put("change", change);
        synchronized (this) {
            event.set("target", target(name).deepCopy());
        }
        tell("target", event);
    }

    /** A call that failed at the first target after 300 ms and was answered by the second. */
    ObjectNode failedOver(String id, String model, String first, String second) {
        ObjectNode call = JSON.createObjectNode()
                .put("time", Instant.now().minusMillis(1200).toString())
                .put("call_id", id)
                .put("client", "team-a")
                .put("model", model)
                .put("operation", "chat")
                .put("stream", true)
                .put("status", 200)
                .put("outcome", "success")
                .putNull("code")
                .put("target", second)
                .put("waited_ms", 100)
                .put("elapsed_ms", 1200)
                .put("first_content_ms", 640)
                .put("input_tokens", 312)
                .put("output_tokens", 87);
        call.putArray("attempts")
                .add(attempt(first, "failure", "overloaded", 0, 300).put("status", 529))
                .add(attempt(second, "success", null, 100, 800));
        return call;
    }

    private static ObjectNode attempt(
            String target, String outcome, @Nullable String category, int waited, int elapsed) {
        return JSON.createObjectNode()
                .put("target", target)
                .put("outcome", outcome)
                .put("category", category)
                .put("elapsed_ms", elapsed)
                .put("waited_ms", waited);
    }

    /** The call has ended. */
    void ended(ObjectNode call) {
        synchronized (this) {
            calls.add(0, call);
        }
        tell("call", call);
    }

    /** A second has passed. */
    void tick(int callsEach, int failuresEach) {
        ObjectNode event = JSON.createObjectNode()
                .put("now_ms", System.currentTimeMillis())
                .put("calls_untold", 0);
        synchronized (this) {
            var list = event.putArray("targets");
            for (ObjectNode target : targets.values()) {
                ObjectNode copy = target.deepCopy();
                copy.putObject("delta").put("calls", callsEach).put("failures", failuresEach);
                list.add(copy);
            }
        }
        tell("tick", event);
    }

    /** Takes no new calls, and says so. */
    void drain() {
        draining = true;
        tell("state", state());
    }

    synchronized ObjectNode state() {
        ObjectNode state = JSON.createObjectNode();
        var list = state.putArray("targets");
        targets.values().forEach(list::add);
        var ended = state.putArray("calls");
        calls.stream().limit(100).forEach(ended::add);
        state.putArray("models").add("default");
        return state.put("draining", draining).put("version", "test").put("now_ms", System.currentTimeMillis());
    }

    /** Ten minutes: closed, then open for a minute in the middle. */
    synchronized ObjectNode history() {
        ObjectNode history = JSON.createObjectNode()
                .put("now_ms", System.currentTimeMillis())
                .put("step_ms", 1000)
                .put("seconds", 600);
        var list = history.putArray("targets");
        for (String name : targets.keySet()) {
            ObjectNode target = list.addObject().put("name", name);
            var made = target.putArray("calls");
            var failed = target.putArray("failures");
            for (int second = 0; second < 600; second++) {
                made.add(second >= 300 && second < 360 ? 0 : 20 + second % 7);
                failed.add(second >= 290 && second < 300 ? 18 : 0);
            }
            var bands = target.putArray("bands");
            bands.addObject().put("band", "closed").put("seconds", 300);
            bands.addObject().put("band", "open").put("seconds", 60);
            bands.addObject().put("band", "closed").put("seconds", 240);
        }
        return history;
    }

    /** Has a place of its own: the first event is the state, and nothing of what follows is missed. */
    void watch(OutputStream watcher) throws IOException {
        synchronized (watcher) {
            watcher.write(("event: state\ndata: " + state() + "\n\n").getBytes(StandardCharsets.UTF_8));
            watcher.flush();
            watchers.add(watcher);
        }
    }

    synchronized boolean knows(String name) {
        return targets.containsKey(name);
    }

    private void tell(String name, ObjectNode data) {
        tellRaw("event: " + name + "\ndata: " + data + "\n\n");
    }

    /** Sends what is no event, perhaps. */
    void tellRaw(String text) {
        byte[] event = text.getBytes(StandardCharsets.UTF_8);
        for (OutputStream watcher : watchers) {
            try {
                synchronized (watcher) {
                    watcher.write(event);
                    watcher.flush();
                }
            } catch (IOException gone) {
                watchers.remove(watcher);
            }
        }
    }

    @Override
    public void close() {
        stop();
        server.close();
    }
}
