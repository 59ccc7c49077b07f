// SPDX-License-Identifier: Apache-2.0
/** A model that answers as a test says, without any network. */
@NullMarked
package dev.holdfast.llm.mock;

import org.jspecify.annotations.NullMarked;
