// SPDX-License-Identifier: Apache-2.0
/** The official OpenAI client for Java, guarded at its HTTP client. */
@NullMarked
package dev.holdfast.openai;

import org.jspecify.annotations.NullMarked;
