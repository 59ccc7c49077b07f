// SPDX-License-Identifier: Apache-2.0
/** Where a run keeps what must outlive its process. */
@NullMarked
package dev.holdfast.graph.checkpoint;

import org.jspecify.annotations.NullMarked;
