// SPDX-License-Identifier: Apache-2.0
/** Spans and metrics of calls and attempts for OpenTelemetry, by the GenAI conventions. */
@NullMarked
package dev.holdfast.opentelemetry;

import org.jspecify.annotations.NullMarked;
