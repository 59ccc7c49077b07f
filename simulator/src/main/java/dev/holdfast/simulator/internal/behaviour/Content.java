// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.behaviour;

/** What an answer says. Two contents in one model name exclude each other. */
public enum Content {
    /** Words that are a fixed function of the model string. */
    TEXT,
    /** Nothing at all, correctly ended. */
    EMPTY,
    /** A call of the first tool offered. */
    TOOL,
    /** An object that fits the JSON schema sent. */
    JSON,
    /** Text that looks like JSON and is not. */
    BAD_JSON
}
