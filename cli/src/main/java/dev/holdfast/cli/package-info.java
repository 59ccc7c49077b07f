// SPDX-License-Identifier: Apache-2.0
/** Holdfast cli. */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
