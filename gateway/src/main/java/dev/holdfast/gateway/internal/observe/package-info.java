// SPDX-License-Identifier: Apache-2.0
/** What is told about calls: metrics, the access log, the last calls. */
@NullMarked
package dev.holdfast.gateway.internal.observe;

import org.jspecify.annotations.NullMarked;
