// SPDX-License-Identifier: Apache-2.0
/** What changes over time: capacity, concurrency, latency, errors, outages. */
@NullMarked
package dev.holdfast.simulator.scenario;

import org.jspecify.annotations.NullMarked;
