// SPDX-License-Identifier: Apache-2.0
/** The HTTP server: connections, exchanges, counters and the control paths. */
@NullMarked
package dev.holdfast.simulator.internal.server;

import org.jspecify.annotations.NullMarked;
