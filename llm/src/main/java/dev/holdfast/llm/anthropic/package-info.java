// SPDX-License-Identifier: Apache-2.0
/** The Anthropic messages dialect. */
@NullMarked
package dev.holdfast.llm.anthropic;

import org.jspecify.annotations.NullMarked;
