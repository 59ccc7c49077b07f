// SPDX-License-Identifier: Apache-2.0
/** From a model's name to targets and the engine that guards them; what is drained; what a reload keeps. */
@NullMarked
package dev.holdfast.gateway.internal.route;

import org.jspecify.annotations.NullMarked;
