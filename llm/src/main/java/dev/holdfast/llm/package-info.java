// SPDX-License-Identifier: Apache-2.0
/** What a user types: requests, messages, answers, stream events, and the exception of a provider that failed. */
@NullMarked
package dev.holdfast.llm;

import org.jspecify.annotations.NullMarked;
