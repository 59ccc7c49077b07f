// SPDX-License-Identifier: Apache-2.0
/** Holdfast bench. */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
