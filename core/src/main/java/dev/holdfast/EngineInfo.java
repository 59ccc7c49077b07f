// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * What an engine holds at one moment. After all calls have ended everything is zero: anything else is a leak.
 *
 * @param inFlight slots held by attempts
 * @param liveProbes places held in half-open circuits
 * @param waiters calls that wait at a target
 * @param timers tasks pending on the engine's timer, which other engines may share; the one that looks after blocking attempts
 *     counts only while there are any
 */
public record EngineInfo(int inFlight, int liveProbes, int waiters, int timers) {}
