// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

/** Who goes first when calls wait for a slot. A higher one goes before every lower one, first come first in each. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW
}
