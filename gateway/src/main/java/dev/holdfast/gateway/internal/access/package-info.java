// SPDX-License-Identifier: Apache-2.0
/** Who may call: client keys, their models and their limits. */
@NullMarked
package dev.holdfast.gateway.internal.access;

import org.jspecify.annotations.NullMarked;
