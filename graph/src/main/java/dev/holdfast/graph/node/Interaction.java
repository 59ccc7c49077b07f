// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node;

import java.util.concurrent.CompletionStage;

/** A person who can be asked while the run goes on. Must not block; answers come in their own time. */
@FunctionalInterface
public interface Interaction {
    /** The stage is cancelled when the answer is no longer wanted; null as an answer means that nobody is there any more. */
    CompletionStage<String> ask(Question question);

    /**
     * @param stepId the step that asks
     * @param text what to ask
     */
    record Question(String runId, String nodeId, String stepId, String text) {}
}
