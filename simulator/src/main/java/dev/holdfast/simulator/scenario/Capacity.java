// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

/**
 * How many requests a server takes: a bucket that fills at {@code requestsPerSecond}, holds {@code burst} and gives one
 * away per request. Above that, requests are answered by {@code behaviour} at once.
 *
 * @param requestsPerSecond above 0
 * @param burst at least 1; by default one second's worth
 * @param behaviour in the words of a model name, {@code 429} by default
 */
public record Capacity(double requestsPerSecond, int burst, String behaviour) {}
