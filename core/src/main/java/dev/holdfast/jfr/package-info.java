// SPDX-License-Identifier: Apache-2.0
/** Calls, attempts and circuits as events of JDK Flight Recorder. */
@NullMarked
package dev.holdfast.jfr;

import org.jspecify.annotations.NullMarked;
