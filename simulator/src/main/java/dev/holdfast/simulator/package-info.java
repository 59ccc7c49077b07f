// SPDX-License-Identifier: Apache-2.0
/** Holdfast simulator. */
@NullMarked
package dev.holdfast.simulator;

import org.jspecify.annotations.NullMarked;
