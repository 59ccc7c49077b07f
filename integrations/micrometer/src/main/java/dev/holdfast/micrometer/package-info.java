// SPDX-License-Identifier: Apache-2.0
/** Metrics of calls, attempts and targets for Micrometer. */
@NullMarked
package dev.holdfast.micrometer;

import org.jspecify.annotations.NullMarked;
