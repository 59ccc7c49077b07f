// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/** The value of a call and how it was obtained. */
public record CallResult<T>(T value, CallReport report) {}
