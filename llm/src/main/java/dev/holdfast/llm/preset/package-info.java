// SPDX-License-Identifier: Apache-2.0
/** Known providers: name, dialect, address, credential and peculiarities, in one table. */
@NullMarked
package dev.holdfast.llm.preset;

import org.jspecify.annotations.NullMarked;
