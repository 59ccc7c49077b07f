// SPDX-License-Identifier: Apache-2.0
/** How long to wait before another attempt, and how many attempts a target may be asked for. */
@NullMarked
package dev.holdfast.retry;

import org.jspecify.annotations.NullMarked;
