// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.llm.Content;
import java.util.concurrent.CompletionStage;

/**
 * What a tool does, without blocking. What it throws, and what its stage fails with, goes back to the model as a result marked
 * as an error; an {@link Error} ends the loop. When the loop is cancelled or the tool's time is over, its stage is cancelled.
 */
@FunctionalInterface
public interface ToolFunction {
    CompletionStage<Content.ToolResult> run(ToolInput input) throws Exception;

    /** A tool that blocks. It runs on the engine's executor and is interrupted when it is not wanted any more. */
    @FunctionalInterface
    interface Blocking {
        /**
         * @return a {@link Content.ToolResult}, a string, or anything else, which the model gets as JSON; null is told as null
         */
        Object run(ToolInput input) throws Exception;
    }

    /** A tool that blocks and takes its arguments as an object. */
    @FunctionalInterface
    interface Typed<A> {
        /** @return as {@link Blocking#run} */
        Object run(A arguments) throws Exception;
    }
}
