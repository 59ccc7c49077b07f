// SPDX-License-Identifier: Apache-2.0
/** The bytes of the OpenAI and Anthropic wire formats: requests read, answers, streams and errors written. */
@NullMarked
package dev.holdfast.simulator.internal.wire;

import org.jspecify.annotations.NullMarked;
