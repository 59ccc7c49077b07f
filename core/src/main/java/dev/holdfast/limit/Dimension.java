// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

/** What a provider counts against a quota domain. */
public enum Dimension {
    REQUESTS,
    TOKENS
}
