// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tck;

import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.Flow;

/** Streams of a given length, raw and guarded, made up and over a socket. An interrupted one has any length wanted. */
final class Publishers implements AutoCloseable {
    private static Publishers current;

    private final Simulator simulator;
    private final Holdfast engine = Holdfast.builder()
            .config(ResilienceConfig.defaults().withMaxAttempts(1).withCircuit(CircuitConfig.disabled()))
            .build();

    private Publishers() throws IOException {
        simulator = Simulator.start(SimulatorOptions.defaults());
    }

    /** Opens what the verifications, which TestNG makes, will find by {@link #open()}. */
    static Publishers start() {
        try {
            current = new Publishers();
            return current;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Publishers open() {
        return Objects.requireNonNull(current, "started by the test");
    }

    Flow.Publisher<StreamEvent> mock(boolean guarded, long events) {
        String[] chunks = Collections.nCopies((int) events - 1, "word ").toArray(String[]::new);
        MockProvider provider =
                MockProvider.of(events == 1 ? MockAnswer.error(Category.SERVER_ERROR) : MockAnswer.cutAfter(chunks));
        return guarded
                ? Llm.builder().provider(provider).holdfast(engine).build().stream("Hello")
                : provider.stream("Hello");
    }

    Flow.Publisher<StreamEvent> socket(boolean guarded, long events) {
        String model = events == 1 ? "sim/400" : "sim/cut,after=" + (events - 1) + ",tokens=" + events;
        Llm llm = Llm.builder()
                .baseUrl("sim", simulator.baseUri().toString())
                .targets(model)
                .holdfast(engine)
                .build();
        return guarded ? llm.stream("Hello") : Objects.requireNonNull(llm.raw(llm.target())).stream("Hello");
    }

    @Override
    public void close() {
        current = null;
        engine.close();
        simulator.close();
    }
}
