// SPDX-License-Identifier: Apache-2.0
/**
 * Agent graphs: nodes joined by edges, run over a shared memory. Here is what a user types: the definition and its
 * builder, reading and writing JSON, validation, diagrams, execution.
 */
@NullMarked
package dev.holdfast.graph;

import org.jspecify.annotations.NullMarked;
