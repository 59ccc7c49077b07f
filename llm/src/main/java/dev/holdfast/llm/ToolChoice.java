// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import java.util.Objects;

/** Whether the model may, must or must not call a tool. */
public sealed interface ToolChoice {
    /** The model decides. */
    ToolChoice AUTO = new Mode("auto");
    /** The model must not call any tool. */
    ToolChoice NONE = new Mode("none");
    /** The model must call some tool. */
    ToolChoice REQUIRED = new Mode("required");

    /** The model must call this tool. */
    static ToolChoice tool(String name) {
        return new Named(name);
    }

    /** One of the three constants; {@code word} is OpenAI's word for it. */
    record Mode(String word) implements ToolChoice {
        public Mode {
            if (!word.equals("auto") && !word.equals("none") && !word.equals("required")) {
                throw new IllegalArgumentException("tool choice must be auto, none or required: " + word);
            }
        }
    }

    /** A tool by its name. */
    record Named(String name) implements ToolChoice {
        public Named {
            Objects.requireNonNull(name, "name");
        }
    }
}
