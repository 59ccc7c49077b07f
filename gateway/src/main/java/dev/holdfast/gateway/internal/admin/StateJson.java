// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.internal.observe.History;
import dev.holdfast.gateway.internal.observe.Json;
import dev.holdfast.gateway.internal.observe.Metrics;
import dev.holdfast.gateway.internal.observe.RecentCalls;
import dev.holdfast.gateway.internal.observe.TargetCounts;
import dev.holdfast.gateway.internal.observe.TargetView;
import dev.holdfast.gateway.internal.route.Fleet;
import dev.holdfast.target.BlockInfo;
import dev.holdfast.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What the gateway is like now, as the page reads it. Times ahead are in milliseconds from now, moments since 1970. */
final class StateJson {
    private final Fleet fleet;
    private final Metrics metrics;
    private final RecentCalls recent;
    private final Operations operations;
    private final String version;
    private final Clock clock;
    private final Ticker ticker;
    private final long startNanos;

    StateJson(
            Fleet fleet,
            Metrics metrics,
            RecentCalls recent,
            Operations operations,
            String version,
            Clock clock,
            Ticker ticker) {
        this.fleet = fleet;
        this.metrics = metrics;
        this.recent = recent;
        this.operations = operations;
        this.version = version;
        this.clock = clock;
        this.ticker = ticker;
        this.startNanos = ticker.nanos();
    }

    /** Everything. */
    byte[] state() {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("targets");
            TargetView.all(fleet).forEach(view -> target(json, view));
            json.writeEndArray();
            json.writeArrayPropertyStart("calls");
            recent.list().forEach(call -> Json.call(json, call));
            json.writeEndArray();
            json.writeBooleanProperty("draining", operations.phase() == Operations.Phase.DRAINING);
            json.writeArrayPropertyStart("models");
            fleet.models().forEach(json::writeString);
            json.writeEndArray();
            json.writeStringProperty("version", version);
            json.writeNumberProperty(
                    "uptime_ms", Duration.ofNanos(ticker.nanos() - startNanos).toMillis());
            json.writeNumberProperty("now_ms", clock.millis());
            json.writeEndObject();
        });
    }

    /** What the last second brought. */
    byte[] tick(List<History.Change> changes, long untold) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberProperty("now_ms", clock.millis());
            json.writeNumberProperty("calls_untold", untold);
            json.writeArrayPropertyStart("targets");
            for (History.Change change : changes) {
                json.writeStartObject();
                fields(json, change.view(), change.counts());
                json.writeObjectPropertyStart("delta");
                json.writeNumberProperty("calls", change.calls());
                json.writeNumberProperty("failures", change.failures());
                json.writeNumberProperty("input_tokens", change.input());
                json.writeNumberProperty("output_tokens", change.output());
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** What has become of one target. */
    byte[] change(String what, TargetView view) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberProperty("now_ms", clock.millis());
            json.writeStringProperty("change", what);
            json.writeName("target");
            target(json, view);
            json.writeEndObject();
        });
    }

    byte[] history(History history) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberProperty("now_ms", clock.millis());
            json.writeNumberProperty("step_ms", 1000);
            history.write(json);
            json.writeEndObject();
        });
    }

    private void target(JsonGenerator json, TargetView view) {
        json.writeStartObject();
        fields(json, view, metrics.counts(view.name()));
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, TargetView view, TargetCounts counts) {
        json.writeStringProperty("name", view.name());
        json.writeStringProperty("provider", view.member().target().provider());
        json.writeStringProperty("model", view.member().target().model());
        json.writeStringProperty("dialect", view.member().dialect());
        json.writeStringProperty("circuit", view.circuit().word());
        json.writeBooleanProperty("forced", view.forced());
        blocked(json, view.block());
        Json.millis(json, "next_probe_ms", view.nextProbe());
        json.writeNumberProperty("paused_ms", view.paused().toMillis());
        json.writeBooleanProperty("drained", view.member().drained());
        json.writeStringProperty("band", view.band().word());
        json.writeNumberProperty("in_flight", view.inFlight());
        json.writeNumberProperty("queued", view.queued());
        json.writeNumberProperty("calls", counts.attempts());
        json.writeNumberProperty("succeeded", counts.succeeded());
        json.writeObjectPropertyStart("failures");
        counts.failures().forEach((category, count) -> json.writeNumberProperty(category.word(), count));
        json.writeEndObject();
        json.writeObjectPropertyStart("first_content_ms");
        Json.fineMillis(json, "p50", counts.firstContentP50());
        Json.fineMillis(json, "p95", counts.firstContentP95());
        json.writeEndObject();
        json.writeNumberProperty("budget", Math.round(view.budget() * 10) / 10.0);
        json.writeNumberProperty("budget_capacity", view.budgetCapacity());
        json.writeObjectPropertyStart("tokens");
        json.writeNumberProperty("input", counts.inputTokens());
        json.writeNumberProperty("output", counts.outputTokens());
        json.writeEndObject();
    }

    private static void blocked(JsonGenerator json, @Nullable BlockInfo block) {
        if (block == null) {
            json.writeNullProperty("blocked");
            return;
        }
        json.writeObjectPropertyStart("blocked");
        json.writeStringProperty("reason", block.failure().category().word());
        json.writeNumberProperty("until_ms", block.until().toMillis());
        json.writeEndObject();
    }
}
