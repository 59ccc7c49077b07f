// SPDX-License-Identifier: Apache-2.0
/**
 * Holdfast keeps calls to unreliable providers standing: {@link dev.holdfast.Holdfast} guards any asynchronous or blocking
 * call with retry, budget, circuit breaker, failover and one deadline.
 */
@NullMarked
package dev.holdfast;

import org.jspecify.annotations.NullMarked;
