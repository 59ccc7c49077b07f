// SPDX-License-Identifier: Apache-2.0
/** The OpenAI chat completions dialect, as OpenAI and the many servers that follow it speak it. */
@NullMarked
package dev.holdfast.llm.openai;

import org.jspecify.annotations.NullMarked;
