// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.internal.http.Endpoint;
import dev.holdfast.gateway.internal.http.Router;
import dev.holdfast.gateway.internal.observe.AccessLog;
import dev.holdfast.gateway.internal.observe.CallObserver;
import dev.holdfast.gateway.internal.observe.CallRecord;
import dev.holdfast.gateway.internal.observe.Ears;
import dev.holdfast.gateway.internal.observe.History;
import dev.holdfast.gateway.internal.observe.Metrics;
import dev.holdfast.gateway.internal.observe.RecentCalls;
import dev.holdfast.gateway.internal.observe.Scrape;
import dev.holdfast.gateway.internal.route.Fleet;
import dev.holdfast.jfr.FlightRecording;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What an operator sees of the gateway and can do to it: the endpoints beside those for calls, and the observer of calls that
 * feeds them. Looks after nobody's rights: that is for the gate before it. Thread-safe.
 */
public final class OperatorSide implements CallObserver, AutoCloseable {
    private final Metrics metrics;
    private final AccessLog log;
    /** Each engine's way into Flight Recorder, which costs nothing while nothing is recorded. */
    private final Ears recordings = new Ears(engine -> FlightRecording.follow(engine::addListener));

    private final RecentCalls recent = new RecentCalls();
    private final History history = new History();
    private final StateJson state;
    private final LiveFeed live;
    private final Health health;
    private final AdminActions admin;
    private final Endpoint scrape;
    private final DashboardFiles files;
    private final Executor executor;

    /**
     * Begins to look at the targets.
     *
     * @param accessLog where it goes; it can be another one after a reload
     * @param version of the gateway
     * @param timer on the scale of the ticker
     * @param executor for what must not be done on event loops
     * @throws IOException if the access log cannot be opened
     */
    public OperatorSide(
            Fleet fleet,
            Operations operations,
            GatewayConfig.AccessLog accessLog,
            String version,
            Clock clock,
            Ticker ticker,
            Timer timer,
            Executor executor)
            throws IOException {
        this.executor = executor;
        this.metrics = new Metrics(fleet);
        this.log = new AccessLog(accessLog, metrics);
        this.state = new StateJson(fleet, metrics, recent, operations, version, clock, ticker);
        this.live = new LiveFeed(fleet, state, metrics, history, ticker, timer, executor);
        this.health = new Health(fleet, operations);
        this.admin = new AdminActions(fleet, operations, live, executor);
        this.scrape = new Scrape(metrics, executor);
        this.files = new DashboardFiles(executor);
        recordings.at(fleet.engines());
        fleet.onChange(() -> recordings.at(fleet.engines()));
    }

    @Override
    public void ended(CallRecord call) {
        metrics.ended(call);
        recent.ended(call);
        live.ended(call);
        log.ended(call);
    }

    /** For counts of what else happens in the gateway. */
    public Metrics metrics() {
        return metrics;
    }

    /** Adds the paths that tell whether the gateway works; they are for everybody. */
    public Router.Builder addHealth(Router.Builder router) {
        return router.on("GET", "/health/live", health::live).on("GET", "/health/ready", health::ready);
    }

    /**
     * Adds the other paths of the operator. The page itself holds nothing secret and is for everybody.
     *
     * @param look stands before the state and the metrics
     * @param act stands before what changes something
     */
    public Router.Builder addTo(Router.Builder router, Gate look, Gate act) {
        router.on("GET", "/metrics", look.before(scrape))
                .on("GET", "/api/state", look.before(answer(state::state)))
                .on("GET", "/api/history", look.before(answer(() -> state.history(history))))
                .on("GET", "/api/events", look.before(live::watch))
                .on("POST", "/admin/drain", act.before(admin::drain))
                .on("POST", "/admin/reload", act.before(admin::reload))
                .on("GET", "/", files::page)
                .on("GET", "/{file}", files::file)
                .on("GET", "/assets/{file}", files::asset);
        for (TargetAction action : TargetAction.values()) {
            Router.NamedEndpoint endpoint = admin.on(action);
            router.on("POST", "/admin/targets/{name}/" + action.word(), (name, request, response) -> {
                if (act.lets(request, response)) {
                    endpoint.handle(name, request, response);
                }
            });
        }
        return router;
    }

    private Endpoint answer(Supplier<byte[]> json) {
        return (request, response) -> executor.execute(() -> Answers.send(response, 200, json.get()));
    }

    /** To be told after a reload: opens the access log again, where it may go on elsewhere or in a new file. */
    public void reloaded(GatewayConfig.AccessLog accessLog) {
        log.reopen(accessLog);
    }

    /** Tells those who watch that something about the gateway as a whole has changed. */
    public void changed() {
        live.changed();
    }

    /** Ends the streams of those who watch, looks no more, and writes what the access log still holds. */
    @Override
    public void close() {
        live.close();
        recordings.close();
        log.close();
    }
}
