// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Extra;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.dialect.Leftover;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Gathers what the events of one message hold that the model has no words for, as a whole message would hold it. */
final class AnthropicEventRest {
    private static final String CITATIONS = "citations";

    private final ObjectNode top = Json.object();
    private ArrayNode citations = Json.array();

    /** Takes what is left of the message of {@code message_start}; it is used up. */
    void start(ObjectNode message) {
        message.remove(List.of("id", "type", "role", "model", "content", "stop_reason", "stop_sequence"));
        add(message);
    }

    /** Takes what is left of a {@code message_delta}; it is used up. */
    void messageDelta(ObjectNode event, FinishReason reason) {
        if (event.remove("delta") instanceof ObjectNode delta) {
            Leftover.reason(delta, "stop_reason", reason, AnthropicFields::word);
            add(delta);
        }
        event.remove("type");
        add(event);
    }

    private void add(ObjectNode rest) {
        AnthropicResponseReader.usageRest(rest);
        if (rest.get("usage") instanceof ObjectNode usage) {
            // A later event may count more, so that a zero told first must not stand in its way.
            usage.remove(List.of("cache_creation_input_tokens", "cache_read_input_tokens"));
            Leftover.nulls(usage);
        }
        Leftover.nulls(rest);
        Json.merge(top, rest);
    }

    /** Takes a citation of the text that is arriving. How many characters it holds on to. */
    int citation(JsonNode citation) {
        if (!citation.isObject()) {
            return 0;
        }
        citations.add(citation);
        return Json.string(citation).length();
    }

    /** The citations of the text that is over. */
    Extra endText() {
        if (citations.isEmpty()) {
            return Extra.NONE;
        }
        ObjectNode cited = Json.object();
        cited.set(CITATIONS, citations);
        citations = Json.array();
        return new Extra(AnthropicDialect.NAME, Json.string(cited));
    }

    Extra whole() {
        return Leftover.extra(AnthropicDialect.NAME, top);
    }
}
