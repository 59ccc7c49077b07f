// SPDX-License-Identifier: Apache-2.0
/**
 * Requests that another client has written, guarded by the engine and passed on byte for byte: for the seams of clients that
 * bring a wire format of their own.
 */
@NullMarked
package dev.holdfast.llm.wire;

import org.jspecify.annotations.NullMarked;
