// SPDX-License-Identifier: Apache-2.0
/** One request and its answer over a transport, without retries: for those who bring an engine of their own. */
@NullMarked
package dev.holdfast.llm.exchange;

import org.jspecify.annotations.NullMarked;
