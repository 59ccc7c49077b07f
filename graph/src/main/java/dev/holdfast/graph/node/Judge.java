// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Says after each turn of an event loop whether its work is done. Without one, the loop is done when every output key that
 * is not nullable is set. Must not block; a stage that fails, fails the attempt.
 */
@FunctionalInterface
public interface Judge {
    CompletionStage<Verdict> judge(Turn turn);

    /**
     * @param outputs what has been set so far
     * @param missing output keys that are needed and not set
     * @param text what the model said last
     */
    record Turn(NodeContext context, Map<String, @Nullable Object> outputs, List<String> missing, String text) {}

    /**
     * @param kind what to do
     * @param message feedback for the model, or why a person should look
     */
    record Verdict(Kind kind, String message) {
        /** What to do. */
        public enum Kind {
            /** The work is done; the loop goes on all the same while a needed output is missing. */
            ACCEPT,
            /** Another turn. */
            RETRY,
            /** The node fails. */
            ESCALATE
        }

        public static Verdict accept() {
            return new Verdict(Kind.ACCEPT, "");
        }

        public static Verdict retry(String feedback) {
            return new Verdict(Kind.RETRY, feedback);
        }

        public static Verdict escalate(String reason) {
            return new Verdict(Kind.ESCALATE, reason);
        }
    }
}
