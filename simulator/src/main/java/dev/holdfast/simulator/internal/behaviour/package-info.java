// SPDX-License-Identifier: Apache-2.0
/** The words a model name may hold, and what they mean together. */
@NullMarked
package dev.holdfast.simulator.internal.behaviour;

import org.jspecify.annotations.NullMarked;
