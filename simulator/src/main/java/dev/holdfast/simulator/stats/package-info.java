// SPDX-License-Identifier: Apache-2.0
/** What the simulator counted. */
@NullMarked
package dev.holdfast.simulator.stats;

import org.jspecify.annotations.NullMarked;
