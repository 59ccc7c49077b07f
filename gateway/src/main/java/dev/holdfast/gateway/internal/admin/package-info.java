// SPDX-License-Identifier: Apache-2.0
/** The operator's side: health, state, live events, admin actions, the dashboard. */
@NullMarked
package dev.holdfast.gateway.internal.admin;

import org.jspecify.annotations.NullMarked;
