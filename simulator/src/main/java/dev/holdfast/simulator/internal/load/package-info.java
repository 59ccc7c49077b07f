// SPDX-License-Identifier: Apache-2.0
/** A scenario at work: admits, delays and refuses requests as time goes on. */
@NullMarked
package dev.holdfast.simulator.internal.load;

import org.jspecify.annotations.NullMarked;
