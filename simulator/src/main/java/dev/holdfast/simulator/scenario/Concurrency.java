// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

/**
 * How many requests a server works on at a time. The others wait in order of arrival, so the queueing delay grows with
 * the load; what finds the queue full is answered by {@code behaviour} at once.
 *
 * @param limit requests served at a time, at least 1
 * @param queue requests that may wait, 1000 by default, 0 for none
 * @param slowdown by which fraction each waiting request lengthens the latency of one that begins to be served; 0 by
 *     default. Above 0 the server gets slower the more it is asked, as one that thrashes does
 * @param behaviour in the words of a model name, {@code 503} by default
 */
public record Concurrency(int limit, int queue, double slowdown, String behaviour) {}
