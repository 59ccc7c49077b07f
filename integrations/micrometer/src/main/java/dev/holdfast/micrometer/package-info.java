// SPDX-License-Identifier: Apache-2.0
/** Metrics of calls, attempts and targets for Micrometer, and what Micrometer carries from thread to thread. */
@NullMarked
package dev.holdfast.micrometer;

import org.jspecify.annotations.NullMarked;
