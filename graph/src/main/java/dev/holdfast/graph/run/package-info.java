// SPDX-License-Identifier: Apache-2.0
/** Runs graphs: steps, edges, branches, retries, checkpoints, resume. */
@NullMarked
package dev.holdfast.graph.run;

import org.jspecify.annotations.NullMarked;
