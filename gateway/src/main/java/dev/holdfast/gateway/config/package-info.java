// SPDX-License-Identifier: Apache-2.0
/** The configuration file: its reader, which names every problem by line and key, and what it says. */
@NullMarked
package dev.holdfast.gateway.config;

import org.jspecify.annotations.NullMarked;
