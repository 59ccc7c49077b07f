// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.behaviour;

/** A model name that is not a behaviour; the message names the word at fault and what would be right. */
public final class BehaviourException extends IllegalArgumentException {
    BehaviourException(String message) {
        super(message);
    }
}
