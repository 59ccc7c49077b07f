// SPDX-License-Identifier: Apache-2.0
/** Places that can serve a call: their identity and what is known of their health. */
@NullMarked
package dev.holdfast.target;

import org.jspecify.annotations.NullMarked;
