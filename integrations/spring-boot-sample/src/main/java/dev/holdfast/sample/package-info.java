// SPDX-License-Identifier: Apache-2.0
/** A small chat service to look at and to run. */
@NullMarked
package dev.holdfast.sample;

import org.jspecify.annotations.NullMarked;
