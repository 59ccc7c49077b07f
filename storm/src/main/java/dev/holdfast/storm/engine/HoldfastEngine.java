// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.CallContext;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.storm.scenario.Storm;
import dev.holdfast.time.Deadline;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.WheelTimer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Holdfast as its first page shows it: the targets in failover order, the application's deadline and request timeout, and
 * otherwise the settings given, by default its defaults. Streams are asked for by {@code completeStreamed}, because nobody
 * sees an answer before it is whole.
 */
public final class HoldfastEngine implements Engine {
    private final Surroundings surroundings;
    private final WheelTimer timer = new WheelTimer(Ticker.system(), "storm-holdfast-timer");
    private final Holdfast engine;
    private final Llm llm;

    public HoldfastEngine(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.engine = Holdfast.builder()
                .config(config(surroundings.holdfast()))
                .time(surroundings.pace(), surroundings.pace().timer(timer))
                .executor(surroundings.workers())
                .listener(event -> told().on(event))
                .closeTimeout(Duration.ZERO)
                .build();
        Llm.Builder builder = Llm.builder().transport(surroundings.transport()).holdfast(engine);
        for (HttpTarget target : surroundings.targets()) {
            ProviderEndpoint endpoint =
                    ProviderEndpoint.of(Presets.named("sim"), target.base() + "/v1", null, name -> null);
            builder.endpoint(target.name(), endpoint, Storm.MODEL, Map.of());
        }
        this.llm = builder.build();
    }

    /** What the application wants of every client comes on top: its deadline, and its timeout of a request. */
    public static ResilienceConfig config(ResilienceConfig given) {
        TimeoutConfig timeouts = given.timeouts();
        return given.withDeadline(Storm.DEADLINE)
                .withTimeouts(timeouts.withAttempt(shorter(timeouts.attempt()))
                        .withFirstContent(shorter(timeouts.firstContent()))
                        .withIdle(shorter(timeouts.idle())));
    }

    private static Duration shorter(Duration timeout) {
        return timeout.compareTo(Storm.REQUEST_TIMEOUT) < 0 ? timeout : Storm.REQUEST_TIMEOUT;
    }

    /** Not made with the rest: targets are known last. */
    private Told told() {
        return new Told(surroundings.circuits(), llm.targets());
    }

    @Override
    public String call(Question question) throws Exception {
        CallContext named = new CallContext(question.id(), Deadline.in(Storm.DEADLINE, surroundings.pace()));
        LlmRequest request = HttpTarget.request(question);
        Llm within = llm.within(named);
        CompletableFuture<LlmResponse> answer =
                surroundings.streamed() ? within.completeStreamed(request) : within.complete(request);
        try {
            return answer.get().text();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception told ? told : e;
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        engine.close();
        timer.close();
    }
}
