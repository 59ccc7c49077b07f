// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.CallOptions;
import dev.holdfast.HedgeConfig;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is counted, on engines in virtual time. */
class HoldfastMetricsTest {
    private final VirtualHoldfast holdfast = new VirtualHoldfast();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Targets targets = Targets.named("a/one", "b/two");

    private void bind() {
        HoldfastMetrics.of(holdfast.engine).bindTo(registry);
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void callsAttemptsAndFailoversAreCounted() {
        bind();

        holdfast.call(targets, VirtualHoldfast.fault(Category.OVERLOADED), "yes");
        holdfast.call(targets, "yes");
        holdfast.call(targets, VirtualHoldfast.fault(Category.INVALID_REQUEST));
        holdfast.call(targets, new CompletableFuture<>()).cancel(true);
        holdfast.run();

        assertThat(count("holdfast.calls", "model", "a/one", "outcome", "success"))
                .isEqualTo(2);
        assertThat(count("holdfast.calls", "model", "a/one", "outcome", "failure"))
                .isEqualTo(1);
        assertThat(count("holdfast.calls", "model", "a/one", "outcome", "cancelled"))
                .isEqualTo(1);
        assertThat(count("holdfast.attempts", "target", "a/one", "outcome", "failure", "category", "overloaded"))
                .isEqualTo(1);
        assertThat(count("holdfast.attempts", "target", "a/one", "outcome", "ignored", "category", "invalid_request"))
                .isEqualTo(1);
        assertThat(count("holdfast.attempts", "target", "a/one", "outcome", "cancelled", "category", "none"))
                .isEqualTo(1);
        assertThat(count("holdfast.attempts", "target", "b/two", "outcome", "success", "category", "none"))
                .isEqualTo(1);
        assertThat(count("holdfast.failovers", "from", "a/one", "to", "b/two")).isEqualTo(1);
        assertThat(registry.get("holdfast.call.duration").timer().count()).isEqualTo(4);
        assertThat(registry.find("gen_ai.client.operation.duration").meter()).isNull();
        holdfast.assertAllReturned();
    }

    @Test
    void callThatWasRefusedCountsAsRefused() {
        bind();
        Target only = Target.of("a/one");
        holdfast.engine.forceOpen(only);

        holdfast.call(Targets.of(only), "never");
        holdfast.run();

        assertThat(count("holdfast.calls", "outcome", "refused")).isEqualTo(1);
        assertThat(gauge("holdfast.circuit.state", "target", "a/one", "state", "open"))
                .isEqualTo(1);
        assertThat(gauge("holdfast.circuit.state", "target", "a/one", "state", "closed"))
                .isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void gaugesAreWhatTheEngineSaysNow() {
        bind();

        CompletableFuture<Object> running = holdfast.call(targets, new CompletableFuture<>());
        holdfast.call(
                Targets.named("c/three"), VirtualHoldfast.fault(Category.RATE_LIMIT, Duration.ofMinutes(1)), "yes");
        holdfast.call(Targets.named("d/four"), VirtualHoldfast.fault(Category.AUTH));

        assertThat(gauge("holdfast.in.flight", "target", "a/one")).isEqualTo(1);
        assertThat(gauge("holdfast.waiting", "target", "a/one")).isZero();
        assertThat(gauge("holdfast.paused", "target", "c/three")).isEqualTo(1);
        assertThat(gauge("holdfast.blocked", "target", "d/four")).isEqualTo(1);
        assertThat(gauge("holdfast.blocked", "target", "a/one")).isZero();
        assertThat(gauge("holdfast.budget.tokens", "target", "a/one")).isEqualTo(500);
        assertThat(gauge("holdfast.budget.tokens", "target", "c/three")).isLessThan(500);
        running.cancel(true);
        holdfast.run();
        assertThat(gauge("holdfast.in.flight", "target", "a/one")).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void tokensOfFailedAttemptsAreCountedToo() {
        bind();

        holdfast.callWith(targets, CallOptions.none(), attempt -> {
            attempt.usage(attempt.number() * 10, attempt.number());
            return attempt.number() == 1
                    ? CompletableFuture.failedFuture(VirtualHoldfast.fault(Category.STREAM_INTERRUPTED))
                    : CompletableFuture.completedFuture("yes");
        });
        holdfast.run();

        assertThat(count("holdfast.tokens", "target", "a/one", "direction", "input"))
                .isEqualTo(10);
        assertThat(count("holdfast.tokens", "target", "b/two", "direction", "input"))
                .isEqualTo(20);
        assertThat(count("holdfast.tokens", "target", "b/two", "direction", "output"))
                .isEqualTo(2);
        holdfast.assertAllReturned();
    }

    @Test
    void hedgesAreCountedByWhatBecameOfThem() {
        VirtualHoldfast hedging =
                new VirtualHoldfast(config -> config.withHedge(HedgeConfig.after(Duration.ofSeconds(1))));
        HoldfastMetrics.of(hedging.engine).bindTo(registry);

        hedging.call(targets, new CompletableFuture<>(), "won");
        hedging.run();
        CompletableFuture<Object> slow = new CompletableFuture<>();
        hedging.call(targets, slow, new CompletableFuture<>());
        hedging.time.advance(Duration.ofSeconds(2));
        slow.complete("lost");
        hedging.run();
        CompletableFuture<Object> left = hedging.call(targets, new CompletableFuture<>(), new CompletableFuture<>());
        hedging.time.advance(Duration.ofSeconds(2));
        left.cancel(true);
        hedging.run();

        assertThat(count("holdfast.hedges", "target", "b/two", "result", "won")).isEqualTo(1);
        assertThat(count("holdfast.hedges", "target", "b/two", "result", "lost"))
                .isEqualTo(1);
        assertThat(count("holdfast.hedges", "target", "b/two", "result", "cancelled"))
                .isEqualTo(1);
        hedging.assertAllReturned();
    }

    @Test
    void callsToModelsHaveTheMetersOfTheConventions() {
        MockProvider mock = MockProvider.builder()
                .name("gemini/flash")
                .time(holdfast.time, holdfast.time, holdfast.time)
                .answers(
                        MockAnswer.error(Category.OVERLOADED),
                        MockAnswer.text("Hello").withUsage(Usage.of(7, 3)).after(Duration.ofMillis(200)))
                .build();
        Llm llm = Llm.builder().provider(mock).holdfast(holdfast.engine).build();
        HoldfastMetrics.of(llm).bindTo(registry);

        llm.complete("Hi");
        holdfast.run();
        llm.embed(EmbeddingRequest.of(List.of("Hi")));
        holdfast.run();

        String[] chat = {
            "gen_ai.operation.name", "chat", "gen_ai.provider.name", "gcp.gemini", "gen_ai.request.model", "flash"
        };
        assertThat(registry.get("gen_ai.client.operation.duration")
                        .tags(chat)
                        .tag("error.type", "none")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("gen_ai.client.token.usage")
                        .tags(chat)
                        .tag("gen_ai.token.type", "input")
                        .summary()
                        .totalAmount())
                .isEqualTo(7);
        assertThat(registry.get("gen_ai.client.token.usage")
                        .tags(chat)
                        .tag("gen_ai.token.type", "output")
                        .summary()
                        .totalAmount())
                .isEqualTo(3);
        assertThat(registry.get("gen_ai.client.operation.duration")
                        .tag("gen_ai.operation.name", "embeddings")
                        .timer()
                        .count())
                .isEqualTo(1);
        holdfast.assertAllReturned();
    }

    @Test
    void streamTellsHowLongItsFirstContentTook() {
        MockProvider mock = MockProvider.builder()
                .name("a/one")
                .time(holdfast.time, holdfast.time, holdfast.time)
                .answers(MockAnswer.text("Hel", "lo")
                        .after(Duration.ofMillis(300))
                        .withPause(Duration.ofSeconds(1)))
                .build();
        Llm llm = Llm.builder().provider(mock).holdfast(holdfast.engine).build();
        HoldfastMetrics.of(llm).bindTo(registry);

        Streams.readAll(llm.stream("Hi"));
        holdfast.run();
        llm.complete("Hi");
        holdfast.run();

        assertThat(registry.get("holdfast.first.content").timer().count()).isEqualTo(1);
        assertThat(registry.get("holdfast.first.content").timer().totalTime(TimeUnit.MILLISECONDS))
                .isCloseTo(300, within(1.0));
        assertThat(registry.get("holdfast.call.duration").timer().max(TimeUnit.MILLISECONDS))
                .isGreaterThan(1000);
        holdfast.assertAllReturned();
    }

    @Test
    void valuesBeyondTheBoundShareOneSeries() {
        HoldfastMetrics.of(holdfast.engine).withMostValues(3).bindTo(registry);

        for (int i = 0; i < 20; i++) {
            holdfast.call(Targets.named("p" + i + "/m"), "yes");
            holdfast.call(
                    Targets.named("p" + i + "/m", "p" + (i + 1) + "/m"),
                    VirtualHoldfast.fault(Category.OVERLOADED),
                    "yes");
        }
        holdfast.run();

        assertThat(registry.getMeters().stream()
                        .map(meter -> meter.getId().getTag("target"))
                        .filter(value -> value != null)
                        .distinct())
                .containsExactlyInAnyOrder("p0/m", "p1/m", "p2/m", HoldfastMetrics.OTHER);
        assertThat(registry.find("holdfast.calls").counters().stream()
                        .map(counter -> counter.getId().getTag("model"))
                        .distinct())
                .hasSize(4);
        assertThat(registry.find("holdfast.failovers").counters()).hasSize(4);
        assertThat(registry.find("holdfast.calls").tag("outcome", "success").counters().stream()
                        .mapToDouble(counter -> counter.count())
                        .sum())
                .isEqualTo(40);
        holdfast.assertAllReturned();
    }

    @Test
    void modelsThatProvidersNameAreBounded() {
        MockProvider mock = MockProvider.builder()
                .name("a/one")
                .time(holdfast.time, holdfast.time, holdfast.time)
                .answering(request -> MockAnswer.text("Hello"))
                .build();
        Llm llm = Llm.builder()
                .provider(new NamingModels(mock))
                .holdfast(holdfast.engine)
                .build();
        HoldfastMetrics.of(llm).withMostValues(5).bindTo(registry);

        for (int i = 0; i < 50; i++) {
            llm.complete("Hi");
            holdfast.run();
        }

        assertThat(registry.find("gen_ai.client.operation.duration").timers()).hasSizeLessThanOrEqualTo(6);
        assertThat(registry.get("gen_ai.client.operation.duration")
                        .tag("gen_ai.response.model", HoldfastMetrics.OTHER)
                        .timer()
                        .count())
                .isGreaterThan(40);
        holdfast.assertAllReturned();
    }

    @Test
    void closingTakesEveryMeterAwayAndNothingComesBack() {
        registry.counter("mine").increment();
        HoldfastMetrics metrics = HoldfastMetrics.of(holdfast.engine).withTags(Tag.of("engine", "main"));
        metrics.bindTo(registry);
        CompletableFuture<Object> answer = new CompletableFuture<>();
        holdfast.call(targets, VirtualHoldfast.fault(Category.OVERLOADED), "yes");
        holdfast.call(targets, answer);
        holdfast.time.advance(Duration.ofSeconds(1));
        assertThat(registry.getMeters().stream().map(Meter::getId))
                .filteredOn(id -> id.getName().startsWith("holdfast."))
                .hasSizeGreaterThan(20)
                .allMatch(id -> "main".equals(id.getTag("engine")));

        metrics.close();
        answer.completeExceptionally(VirtualHoldfast.fault(Category.SERVER_ERROR));
        holdfast.run();
        holdfast.call(targets, "yes");

        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .containsExactly("mine");
        holdfast.assertAllReturned();
    }

    @Test
    void canBeBoundAgain() {
        HoldfastMetrics metrics = HoldfastMetrics.of(holdfast.engine);
        metrics.bindTo(registry);
        metrics.close();

        metrics.bindTo(registry);
        holdfast.call(targets, "yes");

        assertThat(count("holdfast.calls", "model", "a/one", "outcome", "success"))
                .isEqualTo(1);
        holdfast.assertAllReturned();
    }
}
