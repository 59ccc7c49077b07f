// SPDX-License-Identifier: Apache-2.0
/** The expressions on edges: a small, bounded part of Python's. */
@NullMarked
package dev.holdfast.graph.condition;

import org.jspecify.annotations.NullMarked;
