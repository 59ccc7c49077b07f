// SPDX-License-Identifier: Apache-2.0
/** Holdfast llm. */
@NullMarked
package dev.holdfast.llm;

import org.jspecify.annotations.NullMarked;
