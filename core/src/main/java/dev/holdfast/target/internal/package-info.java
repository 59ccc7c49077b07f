// SPDX-License-Identifier: Apache-2.0
/** What one engine keeps per target, quota domain and credential. Not public API. */
@NullMarked
package dev.holdfast.target.internal;

import org.jspecify.annotations.NullMarked;
