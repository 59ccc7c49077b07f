// SPDX-License-Identifier: Apache-2.0
/** Pictures of graphs and of their runs. */
@NullMarked
package dev.holdfast.graph.diagram;

import org.jspecify.annotations.NullMarked;
