// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import static dev.holdfast.gateway.internal.admin.FakeResponse.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.VirtualHoldfast;
import dev.holdfast.failure.Category;
import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.gateway.config.ConfigProblem;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.http.Router;
import dev.holdfast.gateway.internal.observe.FakeFleet;
import dev.holdfast.gateway.internal.observe.Records;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** State, events, history, health and actions, around real engines in virtual time. */
class OperatorSideTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Targets A = Targets.named("a/one");

    private final VirtualHoldfast holdfast = new VirtualHoldfast();
    private final FakeFleet fleet = new FakeFleet(List.of(holdfast.engine), "a/one", "b/two");
    private final FakeOperations operations = new FakeOperations();
    private final OperatorSide side = new OperatorSide(
            fleet,
            operations,
            new GatewayConfig.AccessLog(false, null),
            "1.2.3",
            Clock.fixed(Instant.ofEpochMilli(1_790_000_000_000L), ZoneOffset.UTC),
            holdfast.time,
            holdfast.time,
            holdfast.time);

    OperatorSideTest() throws IOException {}

    private static final class FakeOperations implements Operations {
        private Phase phase = Phase.READY;
        private Runnable reload = () -> {};

        @Override
        public Phase phase() {
            return phase;
        }

        @Override
        public void drain() {
            phase = Phase.DRAINING;
        }

        @Override
        public void reload() {
            reload.run();
        }
    }

    @AfterEach
    void everythingReturns() {
        side.close();
        holdfast.run();
        holdfast.assertAllReturned();
    }

    private boolean welcome = true;

    private boolean pass(Request request, Response response) {
        if (!welcome) {
            response.send(401, new DefaultHttpHeaders(), new byte[0]);
        }
        return welcome;
    }

    private FakeResponse ask(String method, String path) {
        FakeResponse response = new FakeResponse();
        side.addTo(side.addHealth(Router.builder()), this::pass, this::pass)
                .build()
                .handle(request(method, path), response);
        return response;
    }

    private FakeResponse get(String path) {
        return ask("GET", path);
    }

    private FakeResponse act(String path) {
        return ask("POST", path);
    }

    // The state.

    @Test
    void stateHasTheKeysOfTheDesign() {
        side.ended(Records.success("default", Records.bad(1, "b/two", Category.TIMEOUT), Records.good(2, "a/one")));

        JsonNode state = get("/api/state").json();

        assertThat(state.propertyNames()).contains("targets", "calls", "draining", "models", "version", "uptime_ms");
        JsonNode target = state.get("targets").get(0);
        assertThat(target.propertyNames())
                .contains(
                        "name",
                        "provider",
                        "model",
                        "circuit",
                        "blocked",
                        "next_probe_ms",
                        "paused_ms",
                        "in_flight",
                        "calls",
                        "failures",
                        "first_content_ms",
                        "budget");
        assertThat(target.get("name").asString()).isEqualTo("a/one");
        assertThat(target.get("provider").asString()).isEqualTo("a");
        assertThat(target.get("model").asString()).isEqualTo("one");
        assertThat(target.get("circuit").asString()).isEqualTo("closed");
        assertThat(target.get("blocked").isNull()).isTrue();
        assertThat(target.get("next_probe_ms").isNull()).isTrue();
        assertThat(target.get("calls").asInt()).isEqualTo(1);
        assertThat(target.get("budget").asDouble()).isEqualTo(500);
        assertThat(target.get("first_content_ms").get("p50").asDouble()).isEqualTo(130);
        assertThat(state.get("targets").get(1).get("failures").get("timeout").asInt())
                .isEqualTo(1);
        assertThat(state.get("draining").asBoolean()).isFalse();
        assertThat(state.get("version").asString()).isEqualTo("1.2.3");
    }

    @Test
    void callsInTheStateAreTheLastHundredWithTheirAttempts() {
        for (int i = 0; i < 250; i++) {
            side.ended(Records.success("default", Records.bad(1, "b/two", Category.TIMEOUT), Records.good(2, "a/one")));
        }

        JsonNode calls = get("/api/state").json().get("calls");

        assertThat(calls.size()).isEqualTo(100);
        JsonNode attempt = calls.get(0).get("attempts").get(0);
        assertThat(attempt.get("target").asString()).isEqualTo("b/two");
        assertThat(attempt.get("category").asString()).isEqualTo("timeout");
        assertThat(attempt.get("status").asInt()).isEqualTo(503);
        assertThat(attempt.get("elapsed_ms").asInt()).isEqualTo(100);
    }

    @Test
    void openCircuitShowsTheTimeToItsNextProbe() {
        failFiveTimes();

        JsonNode target = get("/api/state").json().get("targets").get(0);

        assertThat(target.get("circuit").asString()).isEqualTo("open");
        assertThat(target.get("band").asString()).isEqualTo("open");
        assertThat(target.get("next_probe_ms").asLong()).isBetween(1_000L, 5_000L);
    }

    private void failFiveTimes() {
        while (holdfast.engine.info(Target.of("a/one")) == null
                || holdfast.engine.info(Target.of("a/one")).circuit().state()
                        != dev.holdfast.circuit.CircuitState.OPEN) {
            Object fault = VirtualHoldfast.fault(Category.SERVER_ERROR);
            holdfast.call(A, fault, fault, fault);
            holdfast.time.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void badCredentialIsShownAsABlockWithReasonAndEnd() {
        Target keyed = Target.builder("c/three").credential("k").build();
        fleet.add(keyed);
        holdfast.call(Targets.of(keyed), VirtualHoldfast.fault(Category.AUTH));

        JsonNode target = get("/api/state").json().get("targets").get(2);

        assertThat(target.get("blocked").get("reason").asString()).isEqualTo("auth");
        assertThat(target.get("blocked").get("until_ms").asLong()).isBetween(1L, 60_000L);
        assertThat(target.get("band").asString()).isEqualTo("blocked");
    }

    // The events.

    private FakeResponse watch() {
        return get("/api/events");
    }

    private static List<String> names(List<FakeResponse.Event> events) {
        return events.stream().map(FakeResponse.Event::name).toList();
    }

    @Test
    void firstEventIsTheWholeStateThenCallsAndTicksFollow() {
        FakeResponse page = watch();

        side.ended(Records.success("default", Records.good(1, "a/one")));
        holdfast.time.advance(SECOND.multipliedBy(2));

        assertThat(page.header("content-type")).isEqualTo("text/event-stream");
        List<FakeResponse.Event> events = page.events();
        assertThat(names(events)).containsExactly("state", "call", "tick", "tick");
        assertThat(events.get(0).data().get("targets").size()).isEqualTo(2);
        assertThat(events.get(1).data().get("call_id").asString()).isEqualTo("c-1");
        JsonNode target = events.get(2).data().get("targets").get(0);
        assertThat(target.get("delta").get("calls").asInt()).isEqualTo(1);
        assertThat(target.get("delta").get("output_tokens").asInt()).isEqualTo(25);
        assertThat(events.get(3)
                        .data()
                        .get("targets")
                        .get(0)
                        .get("delta")
                        .get("calls")
                        .asInt())
                .isZero();
        page.leave();
    }

    @Test
    void changesOfACircuitAreToldWhileSomebodyWatches() {
        FakeResponse page = watch();

        failFiveTimes();
        holdfast.engine.reset(Target.of("a/one"));

        List<FakeResponse.Event> changes = page.events().stream()
                .filter(event -> event.name().equals("target"))
                .toList();
        assertThat(changes)
                .extracting(event -> event.data().get("change").asString())
                .containsExactly("opened", "closed");
        assertThat(changes.get(0).data().get("target").get("circuit").asString())
                .isEqualTo("open");
        page.leave();
    }

    @Test
    void nobodyListensToEnginesUnlessSomebodyWatches() {
        FakeResponse one = watch();
        FakeResponse two = watch();
        assertThat(listened(() -> holdfast.engine.forceOpen(Target.of("a/one")), two))
                .contains("target");

        one.leave();
        assertThat(listened(() -> holdfast.engine.reset(Target.of("a/one")), two))
                .contains("target");
        two.leave();
        two.events();

        assertThat(listened(() -> holdfast.engine.forceOpen(Target.of("a/one")), two))
                .isEmpty();
        holdfast.engine.reset(Target.of("a/one"));
    }

    private static List<String> listened(Runnable action, FakeResponse page) {
        page.events();
        action.run();
        return names(page.events());
    }

    @Test
    void slowWatcherMissesEventsAndGetsTheStateWhenItHasCaughtUp() {
        FakeResponse slow = watch();
        FakeResponse quick = watch();
        slow.events();
        slow.writable = false;

        holdfast.time.advance(SECOND.multipliedBy(3));
        assertThat(slow.events()).isEmpty();
        slow.readAgain();
        holdfast.time.advance(SECOND);

        assertThat(names(slow.events())).containsExactly("state", "tick");
        assertThat(names(quick.events())).containsExactly("state", "tick", "tick", "tick", "tick");
        slow.leave();
        quick.leave();
    }

    @Test
    void watcherThatReadsNothingForHalfAMinuteIsCutOff() {
        FakeResponse slow = watch();
        slow.writable = false;

        holdfast.time.advance(SECOND.multipliedBy(20));
        assertThat(slow.aborted).isFalse();
        holdfast.time.advance(SECOND.multipliedBy(15));

        assertThat(slow.aborted).isTrue();
    }

    @Test
    void callsAreToldUpToABoundAndTheTickCountsTheRest() {
        FakeResponse page = watch();

        for (int i = 0; i < 80; i++) {
            side.ended(Records.success("default", Records.good(1, "a/one")));
        }
        holdfast.time.advance(SECOND);

        List<FakeResponse.Event> events = page.events();
        assertThat(events.stream().filter(event -> event.name().equals("call"))).hasSize(50);
        assertThat(events.get(events.size() - 1).data().get("calls_untold").asInt())
                .isEqualTo(30);
        page.leave();
    }

    @Test
    void pagesBeyondTheBoundAreRefused() {
        List<FakeResponse> pages = new ArrayList<>();
        for (int i = 0; i < LiveFeed.MOST_WATCHERS; i++) {
            pages.add(watch());
        }

        FakeResponse refused = watch();
        pages.remove(0).leave();
        FakeResponse let = watch();

        assertThat(refused.status).isEqualTo(503);
        assertThat(let.status).isEqualTo(200);
        pages.forEach(FakeResponse::leave);
        let.leave();
    }

    @Test
    void endOfTheGatewayEndsTheStreams() {
        FakeResponse page = watch();

        side.close();

        assertThat(page.ended).isTrue();
    }

    // The history.

    @Test
    void historyHasASecondForEachOfTheLastTenMinutes() {
        holdfast.time.advance(Duration.ofMinutes(5));
        side.ended(Records.failure("default", "timeout", Records.bad(1, "a/one", Category.TIMEOUT)));
        holdfast.engine.forceOpen(Target.of("a/one"));
        holdfast.time.advance(Duration.ofMinutes(9));
        holdfast.engine.reset(Target.of("a/one"));
        holdfast.time.advance(SECOND);

        JsonNode history = get("/api/history").json();

        assertThat(history.get("seconds").asInt()).isEqualTo(600);
        JsonNode target = history.get("targets").get(0);
        assertThat(target.get("name").asString()).isEqualTo("a/one");
        List<Integer> calls = ints(target.get("calls"));
        assertThat(calls).hasSize(600);
        assertThat(calls.indexOf(1)).isEqualTo(59);
        assertThat(ints(target.get("failures")).indexOf(1)).isEqualTo(59);
        assertThat(StreamSupport.stream(target.get("bands").spliterator(), false)
                        .map(band -> band.get("band").asString() + " "
                                + band.get("seconds").asInt()))
                .containsExactly("closed 59", "open 540", "closed 1");
    }

    private static List<Integer> ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }

    @Test
    void targetThatIsGoneIsForgotten() {
        holdfast.time.advance(SECOND);
        fleet.remove("b/two");
        fleet.tellChange();
        holdfast.time.advance(SECOND);

        assertThat(get("/api/history").json().get("targets").size()).isEqualTo(1);
        assertThat(get("/api/state").json().get("targets").size()).isEqualTo(1);
    }

    // Who may, and the page.

    @Test
    void whoMayNotIsTurnedAwayEverywhereButAtHealthAndThePage() {
        welcome = false;

        for (String path : List.of("/metrics", "/api/state", "/api/history", "/api/events")) {
            assertThat(get(path).status).as(path).isEqualTo(401);
        }
        for (String path : List.of("/admin/drain", "/admin/reload", "/admin/targets/a%2Fone/open")) {
            assertThat(act(path).status).as(path).isEqualTo(401);
        }
        assertThat(operations.phase()).isEqualTo(Operations.Phase.READY);
        assertThat(holdfast.engine.info(Target.of("a/one"))).isNull();
        assertThat(get("/health/ready").status).isEqualTo(200);
    }

    @Test
    void actionsArePostedAndLooksAreGot() {
        assertThat(get("/admin/targets/a%2Fone/open").status).isEqualTo(405);
        assertThat(get("/admin/drain").status).isEqualTo(405);
        assertThat(act("/api/state").status).isEqualTo(405);
        assertThat(act("/metrics").status).isEqualTo(405);
    }

    @Test
    void pageMayLoadNothingFromElsewhereAndIsNotKept() {
        FakeResponse file = get("/for-tests.js");

        assertThat(file.status).isEqualTo(200);
        assertThat(file.header("content-type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(file.header("content-security-policy"))
                .startsWith("default-src 'self';")
                .contains("frame-ancestors 'none'");
        assertThat(file.header("cache-control")).isEqualTo("no-store");
        assertThat(file.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(file.header("referrer-policy")).isEqualTo("no-referrer");
    }

    @Test
    void onlyFilesOfThePageAreServed() {
        for (String path : List.of(
                "/nothing.js",
                "/..%2Fconfig.js",
                "/for-tests.class",
                "/%2e%2e%2fGateway.class",
                "/for-tests.js%00.js")) {
            assertThat(get(path).status).as(path).isEqualTo(404);
        }
    }

    // Health.

    @Test
    void openCircuitIsDegradedAndStillReady() {
        assertThat(get("/health/ready").json().get("status").asString()).isEqualTo("ready");
        act("/admin/targets/a%2Fone/open");
        act("/admin/targets/b%2Ftwo/drain");

        FakeResponse ready = get("/health/ready");

        assertThat(ready.status).isEqualTo(200);
        assertThat(ready.json().toString())
                .isEqualTo("{\"status\":\"degraded\",\"degraded\":[{\"target\":\"a/one\",\"reason\":\"circuit_open\"},"
                        + "{\"target\":\"b/two\",\"reason\":\"drained\"}]}");
    }

    @Test
    void readinessIsDeniedOnlyWhileStartingOrDraining() {
        operations.phase = Operations.Phase.STARTING;
        FakeResponse starting = get("/health/ready");
        operations.phase = Operations.Phase.READY;
        act("/admin/drain");
        FakeResponse draining = get("/health/ready");

        assertThat(starting.status).isEqualTo(503);
        assertThat(starting.json().get("status").asString()).isEqualTo("starting");
        assertThat(draining.status).isEqualTo(503);
        assertThat(draining.json().get("status").asString()).isEqualTo("draining");
        assertThat(get("/health/live").status).isEqualTo(200);
        assertThat(get("/api/state").json().get("draining").asBoolean()).isTrue();
    }

    // The admin.

    @Test
    void circuitIsOpenedClosedAndResetByHand() {
        FakeResponse opened = act("/admin/targets/a%2Fone/open");
        assertThat(opened.status).isEqualTo(200);
        assertThat(opened.json().get("target").asString()).isEqualTo("a/one");
        assertThat(opened.json().get("state").asString()).isEqualTo("open");
        assertThat(get("/api/state")
                        .json()
                        .get("targets")
                        .get(0)
                        .get("next_probe_ms")
                        .isNull())
                .isTrue();

        assertThat(act("/admin/targets/a%2Fone/close").json().get("state").asString())
                .isEqualTo("closed");
        assertThat(holdfast.engine.info(Target.of("a/one")).circuit().forced()).isTrue();

        assertThat(act("/admin/targets/a%2Fone/reset").json().get("state").asString())
                .isEqualTo("closed");
        assertThat(holdfast.engine.info(Target.of("a/one")).circuit().forced()).isFalse();
    }

    @Test
    void drainedTargetIsToldAsDrainedUntilItIsEnabled() {
        FakeResponse page = watch();

        assertThat(act("/admin/targets/b%2Ftwo/drain").json().get("state").asString())
                .isEqualTo("drained");
        assertThat(act("/admin/targets/b%2Ftwo/enable").json().get("state").asString())
                .isEqualTo("closed");

        assertThat(page.events())
                .filteredOn(event -> event.name().equals("target"))
                .extracting(event -> event.data().get("change").asString())
                .containsExactly("drained", "enabled");
        page.leave();
    }

    @Test
    void unknownNamesAndActionsAreNotFound() {
        assertThat(act("/admin/targets/nobody/open").status).isEqualTo(404);
        assertThat(act("/admin/targets/a/one/open").status).isEqualTo(404);
        assertThat(act("/admin/targets/a%2Fone/explode").status).isEqualTo(404);
        assertThat(act("/admin/targets/a%2Fone/").status).isEqualTo(404);
        assertThat(act("/admin/targets/a%2Fone").status).isEqualTo(404);
        assertThat(act("/admin/targets/%zz/open").status).isEqualTo(404);
        assertThat(act("/admin/targets/").status).isEqualTo(404);
        assertThat(act("/admin/").status).isEqualTo(404);
    }

    @Test
    void reloadTellsWhatHasChanged() {
        operations.reload = () -> {
            fleet.remove("b/two");
            fleet.add(Target.of("c/three"));
        };

        FakeResponse reloaded = act("/admin/reload");

        assertThat(reloaded.status).isEqualTo(200);
        assertThat(reloaded.json().toString())
                .isEqualTo("{\"reloaded\":true,\"targets\":{\"added\":[\"c/three\"],\"removed\":[\"b/two\"],"
                        + "\"changed\":[],\"unchanged\":[\"a/one\"]},\"models\":[\"default\"]}");
    }

    @Test
    void badFileIsRefusedWithItsProblems() {
        operations.reload = () -> {
            throw new ConfigException("f.yaml", List.of(new ConfigProblem(3, "models.x", "no such target")));
        };

        FakeResponse refused = act("/admin/reload");

        assertThat(refused.status).isEqualTo(422);
        JsonNode problem = refused.json().get("error").get("problems").get(0);
        assertThat(problem.get("line").asInt()).isEqualTo(3);
        assertThat(problem.get("key").asString()).isEqualTo("models.x");
        assertThat(problem.get("message").asString()).isEqualTo("no such target");
    }

    @Test
    void reloadThatCannotBeDoneNowIsAConflict() {
        operations.reload = () -> {
            throw new IllegalStateException("started without a file");
        };

        FakeResponse refused = act("/admin/reload");

        assertThat(refused.status).isEqualTo(409);
        assertThat(refused.json().get("error").get("message").asString()).isEqualTo("started without a file");
    }
}
