// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.storm.measure.CircuitLog;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What an engine finds in a storm.
 *
 * @param pace of the storm
 * @param targets in failover order, each with the plain client that policies without one of their own wrap
 * @param streamed whether answers are to be read as streams
 * @param circuits to be told of every change of a circuit
 * @param seed of the engine's own chance
 * @param holdfast settings of Holdfast
 * @param transport that all engines share which have no HTTP stack of their own
 * @param workers where asynchronous engines may run code
 */
public record Surroundings(
        Pace pace,
        List<HttpTarget> targets,
        boolean streamed,
        CircuitLog circuits,
        long seed,
        ResilienceConfig holdfast,
        Transport transport,
        ScheduledExecutorService workers) {

    /** The first in failover order: the only one that policies without failover know. */
    public HttpTarget first() {
        return targets.get(0);
    }
}
