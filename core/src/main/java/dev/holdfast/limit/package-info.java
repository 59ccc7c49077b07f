// SPDX-License-Identifier: Apache-2.0
/** How fast and how many at once: the pace of a quota domain, the places of a target, and the wait for one. */
@NullMarked
package dev.holdfast.limit;

import org.jspecify.annotations.NullMarked;
