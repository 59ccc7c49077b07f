// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.event.EventListener;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.storm.measure.CircuitLog;
import dev.holdfast.target.Target;
import java.util.List;

/** Writes Holdfast's events about circuits and pauses into the log. */
public record Told(CircuitLog circuits, List<Target> targets) implements EventListener {
    @Override
    public void on(HoldfastEvent event) {
        if (event instanceof TargetEvent.CircuitOpened opened) {
            circuits.enters(opened.target().name(), CircuitLog.OPEN);
        } else if (event instanceof TargetEvent.CircuitHalfOpened halfOpened) {
            circuits.enters(halfOpened.target().name(), CircuitLog.HALF_OPEN);
        } else if (event instanceof TargetEvent.CircuitClosed closed) {
            circuits.enters(closed.target().name(), CircuitLog.CLOSED);
        } else if (event instanceof TargetEvent.DomainPaused paused) {
            ofDomain(paused.domain(), CircuitLog.PAUSED);
        } else if (event instanceof TargetEvent.DomainResumed resumed) {
            ofDomain(resumed.domain(), CircuitLog.CLOSED);
        }
    }

    private void ofDomain(String domain, String state) {
        for (Target target : targets) {
            if (target.quotaDomain().equals(domain)) {
                circuits.enters(target.name(), state);
            }
        }
    }
}
