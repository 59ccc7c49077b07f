// SPDX-License-Identifier: Apache-2.0
/** Runs a graph on answers from a file, without models. */
@NullMarked
package dev.holdfast.graph.script;

import org.jspecify.annotations.NullMarked;
