// SPDX-License-Identifier: Apache-2.0
/** The one seam to HTTP: a request out, a head and pieces of a body in, on demand, and a way to stop. */
@NullMarked
package dev.holdfast.llm.transport;

import org.jspecify.annotations.NullMarked;
