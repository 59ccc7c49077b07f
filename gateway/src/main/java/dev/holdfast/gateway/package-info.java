// SPDX-License-Identifier: Apache-2.0
/** One process in front of all providers, for clients of the OpenAI and the Anthropic dialect: what starts and stops it. */
@NullMarked
package dev.holdfast.gateway;

import org.jspecify.annotations.NullMarked;
