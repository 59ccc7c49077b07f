// SPDX-License-Identifier: Apache-2.0
/** Server-sent events, byte by byte: a push parser that holds no more than it was allowed to. */
@NullMarked
package dev.holdfast.llm.stream;

import org.jspecify.annotations.NullMarked;
