// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.internal.server.SimulatorServer;
import dev.holdfast.simulator.internal.wire.SampleText;
import dev.holdfast.simulator.scenario.Scenario;
import dev.holdfast.simulator.stats.SimulatorStats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;

/**
 * A provider that misbehaves on purpose: a real HTTP server that speaks OpenAI chat completions, embeddings and models,
 * and Anthropic messages, plain and streamed. The model a request names says how it is answered, for example
 * {@code sim/fail=2}, {@code sim/ttft=300,cut,after=5}, {@code sim/429,retry-after=2}.
 *
 * <p>Thread-safe. All work runs on a few daemon threads, whatever the number of connections.
 */
public final class Simulator implements AutoCloseable {
    private final SimulatorServer server;
    private final URI baseUri;

    private Simulator(SimulatorServer server) {
        this.server = server;
        InetSocketAddress address = server.address();
        String host = address.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : address.getAddress().getHostAddress();
        this.baseUri = URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    /** Starts listening; throws {@link IOException} where the address cannot be bound. */
    public static Simulator start(SimulatorOptions options) throws IOException {
        return new Simulator(
                new SimulatorServer(options.host(), options.port(), options.scenario(), Clock.systemUTC()));
    }

    /** Where the simulator answers, without a path: {@code http://127.0.0.1:4010}. */
    public URI baseUri() {
        return baseUri;
    }

    public int port() {
        return baseUri.getPort();
    }

    /** The counts at this moment. */
    public SimulatorStats stats() {
        return server.stats();
    }

    /** Counts, first failures ({@code fail=N}) and the scenario start again; requests in flight go on. */
    public void reset() {
        server.reset();
    }

    /** Runs this scenario from its start, in place of the one that ran; {@link Scenario#none()} ends all. */
    public void scenario(Scenario scenario) {
        server.scenario(scenario);
    }

    /**
     * The whole text of a correct answer to this model string, in either dialect, so that a client's text can be checked.
     * Throws {@link IllegalArgumentException} where the string is no behaviour.
     */
    public static String textOf(String model) {
        return String.join("", SampleText.pieces(model, Behaviour.parse(model).tokens()));
    }

    /** Stops listening, closes every connection and ends the threads; further calls do nothing. */
    @Override
    public void close() {
        server.close();
    }
}
