// SPDX-License-Identifier: Apache-2.0
/** A provider that misbehaves on purpose, over real HTTP: what starts it, and what it can be asked. */
@NullMarked
package dev.holdfast.simulator;

import org.jspecify.annotations.NullMarked;
