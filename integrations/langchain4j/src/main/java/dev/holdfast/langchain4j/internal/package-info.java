// SPDX-License-Identifier: Apache-2.0
/** What the rooms of this module share; no API. */
@NullMarked
package dev.holdfast.langchain4j.internal;

import org.jspecify.annotations.NullMarked;
