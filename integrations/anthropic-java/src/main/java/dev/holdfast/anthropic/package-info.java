// SPDX-License-Identifier: Apache-2.0
/** The official Anthropic client for Java, guarded at its interceptor. */
@NullMarked
package dev.holdfast.anthropic;

import org.jspecify.annotations.NullMarked;
