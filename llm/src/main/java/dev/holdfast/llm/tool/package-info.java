// SPDX-License-Identifier: Apache-2.0
/** Tools that the model may use: a loop of guarded calls in which no tool runs twice. */
@NullMarked
package dev.holdfast.llm.tool;

import org.jspecify.annotations.NullMarked;
