// SPDX-License-Identifier: Apache-2.0
/** What happened, as one record per fact. */
@NullMarked
package dev.holdfast.event;

import org.jspecify.annotations.NullMarked;
