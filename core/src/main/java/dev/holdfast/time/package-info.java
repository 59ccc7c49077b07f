// SPDX-License-Identifier: Apache-2.0
/** Monotonic time and timers: the only source of either in the engine. */
@NullMarked
package dev.holdfast.time;

import org.jspecify.annotations.NullMarked;
