// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.event;

/**
 * Hears of every fact. Each listener is served one event at a time, in order, away from the threads that make calls: one
 * that is slow delays only itself, and when it falls 65,536 events behind, further ones are dropped and counted. One that
 * throws is logged once and goes on.
 */
@FunctionalInterface
public interface EventListener {
    void on(HoldfastEvent event);
}
