// SPDX-License-Identifier: Apache-2.0
/** A story to watch on the dashboard: simulated providers that get into trouble, and clients that call all the time. */
@NullMarked
package dev.holdfast.cli.demo;

import org.jspecify.annotations.NullMarked;
