// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.event;

import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Category;
import dev.holdfast.target.Target;
import java.time.Duration;

/** A fact about a target, its credential or its quota domain. */
public sealed interface TargetEvent extends HoldfastEvent {
    record CircuitOpened(Target target, CircuitState from, CircuitInfo info) implements TargetEvent {}

    record CircuitHalfOpened(Target target, CircuitInfo info) implements TargetEvent {}

    record CircuitClosed(Target target, CircuitState from, CircuitInfo info) implements TargetEvent {}

    /** The credential of this target cannot work; told for each target that uses it. */
    record TargetBlocked(Target target, Category reason, String message, Duration until) implements TargetEvent {}

    record TargetUnblocked(Target target) implements TargetEvent {}

    /** The provider asked the quota domain to wait. */
    record DomainPaused(String domain, Duration pause) implements TargetEvent {}

    /** The pause is over; told when the next call looks. */
    record DomainResumed(String domain) implements TargetEvent {}

    /** A retry was given up because the budget of the target held fewer tokens than it costs. */
    record BudgetExhausted(Target target, double tokens, int cost) implements TargetEvent {}
}
