// SPDX-License-Identifier: Apache-2.0
/** One client call: passed through or translated, guarded by the engine, answered in the client's dialect. */
@NullMarked
package dev.holdfast.gateway.internal.call;

import org.jspecify.annotations.NullMarked;
