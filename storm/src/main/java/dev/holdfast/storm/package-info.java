// SPDX-License-Identifier: Apache-2.0
/** Storms: scenarios of trouble, the policies that meet them, an oracle, and the report. */
@NullMarked
package dev.holdfast.storm;

import org.jspecify.annotations.NullMarked;
