// SPDX-License-Identifier: Apache-2.0
/** What a wire format must offer: requests out, answers, streams and errors in, as values of {@link dev.holdfast.llm}. */
@NullMarked
package dev.holdfast.llm.dialect;

import org.jspecify.annotations.NullMarked;
