// SPDX-License-Identifier: Apache-2.0
/** The server: requests read whole and within bounds, responses with back-pressure. Knows nothing of models. */
@NullMarked
package dev.holdfast.gateway.internal.http;

import org.jspecify.annotations.NullMarked;
