// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.stats;

import java.util.Map;

/**
 * What the simulator counted since its start or last reset. Model calls alone are counted: requests to the chat, messages
 * and embeddings paths that arrived whole. Once none is open, {@code requests} is the sum of {@code byStatus} and
 * {@code noStatus}.
 *
 * @param requests model calls that arrived
 * @param byStatus how many were answered with which status, counted when the status line is written
 * @param byModel model calls by model string as the client wrote it; beyond 10,000 different ones as {@code (other)}
 * @param attemptsPerCall model calls by call id; a request without an id is a call of its own
 * @param callsNotListed requests whose call id found no room beside 200,000 others
 * @param tokensBilled prompt and completion tokens of the answers that were begun, as far as they were written
 * @param cancelled requests whose client left before the end
 * @param noStatus requests over without a status line: refused, reset, or left by the client
 * @param open requests in flight at this moment; a reset does not change it
 */
public record SimulatorStats(
        long requests,
        Map<Integer, Long> byStatus,
        Map<String, Long> byModel,
        Map<String, Long> attemptsPerCall,
        long callsNotListed,
        long tokensBilled,
        long cancelled,
        long noStatus,
        int open) {

    public SimulatorStats {
        byStatus = Map.copyOf(byStatus);
        byModel = Map.copyOf(byModel);
        attemptsPerCall = Map.copyOf(attemptsPerCall);
    }
}
