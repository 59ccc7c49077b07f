// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.event;

/**
 * Hears of every fact of every run of an executor. Served like a {@link dev.holdfast.event.EventListener}: one event at a
 * time, in order, away from the threads that run nodes.
 */
@FunctionalInterface
public interface GraphListener {
    void on(GraphEvent event);
}
