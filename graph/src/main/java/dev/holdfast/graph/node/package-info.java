// SPDX-License-Identifier: Apache-2.0
/** What a node is to the run: what it is given, what it gives back, and whom it may ask. */
@NullMarked
package dev.holdfast.graph.node;

import org.jspecify.annotations.NullMarked;
