// SPDX-License-Identifier: Apache-2.0
/** The simulator's servers without sockets, in time that is given from outside. */
@NullMarked
package dev.holdfast.simulator.virtual;

import org.jspecify.annotations.NullMarked;
