// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.virtual;

import dev.holdfast.Attempt;
import dev.holdfast.CallOptions;
import dev.holdfast.EngineInfo;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import dev.holdfast.simulator.virtual.Reply;
import dev.holdfast.simulator.virtual.VirtualServer;
import dev.holdfast.storm.engine.HoldfastEngine;
import dev.holdfast.storm.engine.Told;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Holdfast's own engine in virtual time, with the verdicts that its classifier gives on such answers. */
final class VirtualHoldfast implements VirtualClient {
    private static final String PROVIDER = "openai";
    private static final int OK = 200;
    private static final double NANOS_PER_SECOND = 1e9;

    private final VirtualStorm.Run run;
    private final Holdfast engine;
    private final Targets targets;
    private final Map<Reply, Failed> verdicts = new HashMap<>();

    VirtualHoldfast(VirtualStorm.Run run, ResilienceConfig given) {
        this.run = run;
        List<Target> order = run.storm().targets().stream().map(Target::of).toList();
        this.targets = Targets.of(order);
        this.engine = Holdfast.builder()
                .config(HoldfastEngine.config(given))
                .time(run.time, run.time)
                .executor(run.time)
                .random(run.time)
                .listener(new Told(run.circuits, order))
                .closeTimeout(Duration.ZERO)
                .build();
    }

    @Override
    public void call(int number, boolean poison) {
        engine.call(targets, CallOptions.none(), attempt -> ask(attempt, number, poison))
                .whenComplete((text, error) -> run.ended(number, error == null));
    }

    private CompletableFuture<String> ask(Attempt attempt, int number, boolean poison) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        int place = targets.order().indexOf(attempt.target());
        VirtualServer.Visit visit = run.ask(place, number, poison, reply -> {
            if (reply.whole()) {
                answer.complete("");
            } else {
                answer.completeExceptionally(verdicts.computeIfAbsent(reply, VirtualHoldfast::judge));
            }
        });
        attempt.onCancel(visit::leave);
        return answer;
    }

    private static Failed judge(Reply reply) {
        if (reply.status() == 0) {
            return new Failed(Failure.of(Category.NETWORK, "storm.connection", "connection lost"));
        }
        if (reply.status() == OK) {
            return new Failed(Failure.of(Category.STREAM_INTERRUPTED, "storm.interrupted", "answer broke off"));
        }
        Duration hint = reply.hint();
        Map<String, List<String>> headers = hint == null
                ? Map.of()
                : Map.of("retry-after", List.of(String.valueOf(hint.toNanos() / NANOS_PER_SECOND)));
        return new Failed(
                ProviderErrorClassifier.create().classify(ErrorInput.http(PROVIDER, reply.status(), headers, "")));
    }

    @Override
    public void close() {
        EngineInfo left = engine.info();
        if (!left.equals(new EngineInfo(0, 0, 0, 0))) {
            throw new IllegalStateException("Holdfast left something behind: " + left);
        }
        engine.close();
    }

    /** One for all attempts that end alike; it has no stack trace and takes no suppressed ones. */
    private static final class Failed extends RuntimeException implements Classified {
        private static final long serialVersionUID = 1L;
        private final transient Failure failure;

        Failed(Failure failure) {
            super(failure.message(), null, false, false);
            this.failure = failure;
        }

        @Override
        public Failure failure() {
            return failure;
        }
    }
}
