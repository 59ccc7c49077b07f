// SPDX-License-Identifier: Apache-2.0
/** What went wrong, in words that a decision can be made on: category, retry scope, reach, stated wait. */
@NullMarked
package dev.holdfast.failure;

import org.jspecify.annotations.NullMarked;
