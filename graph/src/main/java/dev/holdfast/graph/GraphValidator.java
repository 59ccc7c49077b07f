// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

/** Says what is wrong with a definition. */
public final class GraphValidator {
    private GraphValidator() {}
}
