// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the simulator needs to know of a request, in either dialect.
 *
 * @param model as the client wrote it
 * @param streamed whether server-sent events are wanted
 * @param usageInStream whether the stream reports usage
 * @param promptTokens a rough count: four characters a token, at least one
 * @param tool the tool to ask for, if one may be asked for: the one that the request insists on, else the first offered
 * @param toolForced whether the request insists on that tool
 * @param schema the JSON schema that the answer must fit, if one was sent
 */
public record ModelRequest(
        String model,
        boolean streamed,
        boolean usageInStream,
        int promptTokens,
        Optional<Tool> tool,
        boolean toolForced,
        Optional<JsonNode> schema) {

    /** A tool offered: its name and the JSON schema of its arguments. */
    public record Tool(String name, JsonNode schema) {}

    /** A request that the dialect does not allow. */
    public static final class Invalid extends RuntimeException {
        private final String field;

        Invalid(String field, String message) {
            super(message, null, false, false);
            this.field = field;
        }

        /** The field at fault, as the error body names it. */
        public String field() {
            return field;
        }
    }
}
