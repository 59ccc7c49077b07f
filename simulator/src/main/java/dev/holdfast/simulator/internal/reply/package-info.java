// SPDX-License-Identifier: Apache-2.0
/** What one request gets, step by step: a lazy plan of bytes, pauses and endings. */
@NullMarked
package dev.holdfast.simulator.internal.reply;

import org.jspecify.annotations.NullMarked;
