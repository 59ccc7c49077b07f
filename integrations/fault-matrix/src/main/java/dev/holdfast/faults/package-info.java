// SPDX-License-Identifier: Apache-2.0
/** The fault matrix: each fault, each client, without Holdfast and with it. Not published. */
@NullMarked
package dev.holdfast.faults;

import org.jspecify.annotations.NullMarked;
