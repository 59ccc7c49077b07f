// SPDX-License-Identifier: Apache-2.0
/** Stops calls to a target that keeps failing, and lets a few through to find out when it is back. */
@NullMarked
package dev.holdfast.circuit;

import org.jspecify.annotations.NullMarked;
