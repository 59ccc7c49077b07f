// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

/**
 * What is asked in one call.
 *
 * @param id sent with every request of the call, so that the servers can count
 * @param poison whether the request is malformed: any server answers 400
 */
public record Question(String id, boolean poison) {
    /** What is said to the model. */
    public static final String PROMPT = "How is the sea today?";

    /** The header that carries {@link #id}. */
    public static final String HEADER = "x-sim-call";
}
