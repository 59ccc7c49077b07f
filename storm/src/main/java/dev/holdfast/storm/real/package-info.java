// SPDX-License-Identifier: Apache-2.0
/** Storms over sockets, time compressed. */
@NullMarked
package dev.holdfast.storm.real;

import org.jspecify.annotations.NullMarked;
