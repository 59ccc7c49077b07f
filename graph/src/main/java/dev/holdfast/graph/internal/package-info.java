// SPDX-License-Identifier: Apache-2.0
/** Shared by the packages of this module; not public API. */
@NullMarked
package dev.holdfast.graph.internal;

import org.jspecify.annotations.NullMarked;
