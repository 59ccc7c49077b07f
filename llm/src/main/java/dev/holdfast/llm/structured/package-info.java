// SPDX-License-Identifier: Apache-2.0
/** Answers that are objects: asked for by a type or a schema, checked, and asked for again with what was wrong. */
@NullMarked
package dev.holdfast.llm.structured;

import org.jspecify.annotations.NullMarked;
