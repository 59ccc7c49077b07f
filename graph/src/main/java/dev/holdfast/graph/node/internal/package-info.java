// SPDX-License-Identifier: Apache-2.0
/** The node types that every run knows. */
@NullMarked
package dev.holdfast.graph.node.internal;

import org.jspecify.annotations.NullMarked;
