// SPDX-License-Identifier: Apache-2.0
/** What happened in a run, as one record per fact. */
@NullMarked
package dev.holdfast.graph.event;

import org.jspecify.annotations.NullMarked;
