// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.conformance;

import dev.holdfast.CallException;
import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.failure.Classified;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.Guarded;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Reading;
import dev.holdfast.llm.RequestTimeouts;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.retry.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;

/** This library, without anything between it and the servers. */
final class LlmSubject implements Subject {
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"required\":[\"n\"]}";

    private final Holdfast engine;
    private final Llm llm;
    private final LlmRequest request;
    private final boolean structured;

    private LlmSubject(Upstream upstream, Case asked, boolean circuit) {
        CircuitConfig breaker =
                CircuitConfig.defaults().withRecovery(Duration.ofMillis(300)).withMaxRecovery(Duration.ofMillis(300));
        engine = Holdfast.builder()
                .config(ResilienceConfig.defaults()
                        .withMaxAttempts(3)
                        .withBackoff(Backoff.fixed(Duration.ofMillis(5)))
                        .withCircuit(circuit ? breaker : CircuitConfig.disabled()))
                .build();
        llm = Llm.builder()
                .targets(asked.models().stream().map(LlmSubject::target).toArray(String[]::new))
                .baseUrl("sim", upstream.simulator().toString())
                .baseUrl("vllm", upstream.canned() + "/v1")
                .baseUrl("lmstudio", upstream.gone() + "/v1")
                .holdfast(engine)
                .build();
        request = LlmRequest.of("Hello")
                .withTimeouts(RequestTimeouts.CONFIGURED
                        .withDeadline(asked.deadline())
                        .withFirstContent(Case.FIRST_CONTENT)
                        .withIdle(Case.IDLE));
        structured = asked.kind() == Case.Kind.STRUCTURED;
    }

    static Maker maker() {
        return new Maker() {
            @Override
            public String name() {
                return "Llm";
            }

            @Override
            public Subject make(Upstream upstream, Case asked, boolean circuit) {
                return new LlmSubject(upstream, asked, circuit);
            }
        };
    }

    private static String target(String model) {
        if (model.equals("gone")) {
            return "lmstudio/gone";
        }
        return model.startsWith("canned/") ? "vllm/" + model.substring("canned/".length()) : "sim/" + model;
    }

    @Override
    public Seen ask() throws Exception {
        return structured ? askForJson() : end(System.nanoTime(), Reading.all(llm.stream(request)));
    }

    private Seen askForJson() {
        long start = System.nanoTime();
        try {
            llm.completeJson(request, SCHEMA).join();
            return new Seen("finish", 0, true, 1, since(start));
        } catch (CompletionException e) {
            Classified failed = (Classified) e.getCause();
            int attempts = e.getCause() instanceof CallException call
                    ? call.report().attempts().size()
                    : 0;
            return new Seen(failed.failure().category().word(), 0, true, attempts, since(start));
        }
    }

    private static Seen end(long start, Reading reading) throws Exception {
        StreamEvent end = reading.end();
        long millis = since(start);
        if (end instanceof StreamEvent.Finish finish) {
            int attempts = finish.response().report().attempts().size();
            String outcome = finish.reason() == FinishReason.STOP ? "finish" : "finish (" + finish.reason() + ")";
            return new Seen(outcome, words(reading.text()), true, attempts, millis);
        }
        StreamEvent.Error error = (StreamEvent.Error) end;
        int attempts = Objects.requireNonNull(error.report()).attempts().size();
        return new Seen(error.failure().category().word(), words(error.textSoFar()), true, attempts, millis);
    }

    private static int words(String text) {
        return text.isBlank() ? 0 : text.strip().split(" ").length;
    }

    private static long since(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    @Override
    public Seen askAndLeave() throws Exception {
        Reading reading = Reading.first(1, llm.stream(request));
        reading.awaitContent();
        reading.cancel();
        return new Seen("left", words(reading.text()), false, 1, 0);
    }

    @Override
    public List<Seen> askAtOnce(int calls) throws Exception {
        List<Reading> readings = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            readings.add(Reading.all(llm.stream(request)));
        }
        List<Seen> seen = new ArrayList<>();
        for (Reading reading : readings) {
            seen.add(end(start, reading));
        }
        return seen;
    }

    @Override
    public void awaitRecovery() {
        Guarded.await("the circuit's open time is over", () -> Objects.requireNonNull(engine.info(llm.target()))
                .circuit()
                .retryIn()
                .isZero());
    }

    @Override
    public void close() {
        Conservation.awaitAllReturned(engine);
        engine.close();
    }
}
