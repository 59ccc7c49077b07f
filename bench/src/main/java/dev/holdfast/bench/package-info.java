// SPDX-License-Identifier: Apache-2.0
/** What guarding a call costs, measured beside peers in one run, and the page that tells it. */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
