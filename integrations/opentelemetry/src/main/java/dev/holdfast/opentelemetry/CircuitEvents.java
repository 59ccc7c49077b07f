// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.EventListener;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.target.Target;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;

/** Tells of changes of circuits as events, which belong to no call: the next probe or an operator may cause them. */
final class CircuitEvents implements EventListener {
    private final Logger logger;

    CircuitEvents(OpenTelemetry openTelemetry) {
        this.logger = openTelemetry.getLogsBridge().get(Names.SCOPE);
    }

    @Override
    public void on(HoldfastEvent event) {
        if (event instanceof TargetEvent.CircuitOpened opened) {
            changed(opened.target(), opened.from(), opened.info());
        } else if (event instanceof TargetEvent.CircuitHalfOpened half) {
            changed(half.target(), CircuitState.OPEN, half.info());
        } else if (event instanceof TargetEvent.CircuitClosed closed) {
            changed(closed.target(), closed.from(), closed.info());
        }
    }

    private void changed(Target target, CircuitState from, CircuitInfo info) {
        logger.logRecordBuilder()
                .setEventName(Names.CIRCUIT_CHANGED)
                .setSeverity(info.state() == CircuitState.OPEN ? Severity.WARN : Severity.INFO)
                .setAttribute(Names.TARGET, target.name())
                .setAttribute(Names.FROM, from.word())
                .setAttribute(Names.TO, info.state().word())
                .setAttribute(Names.FORCED, info.forced())
                .setAttribute(Names.TRIPS, (long) info.trips())
                .setAttribute(Names.WAIT, Instruments.seconds(info.retryIn()))
                .emit();
    }
}
