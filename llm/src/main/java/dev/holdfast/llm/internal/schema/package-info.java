// SPDX-License-Identifier: Apache-2.0
/** JSON Schemas: made from types, checked, put to models. Not public API. */
@NullMarked
package dev.holdfast.llm.internal.schema;

import org.jspecify.annotations.NullMarked;
