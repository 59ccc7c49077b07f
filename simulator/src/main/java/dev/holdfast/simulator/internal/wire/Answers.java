// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.internal.wire.ModelRequest.Tool;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Chooses what to say: the content asked for, as far as the request allows it. */
public final class Answers {
    private static final String BAD_JSON = "{\"answer\": \"this object is never closed\", \"items\": [1, 2,";

    private Answers() {}

    public static Answer of(ModelRequest request, Behaviour behaviour, JsonNode body) {
        return switch (behaviour.content()) {
            case TEXT -> words(request, behaviour, body);
            case EMPTY -> Answer.text(List.of());
            case TOOL -> request.tool().map(Answers::call).orElseGet(() -> words(request, behaviour, body));
            case JSON -> json(request);
            case BAD_JSON -> Answer.text(Answer.cut(BAD_JSON));
        };
    }

    private static Answer words(ModelRequest request, Behaviour behaviour, JsonNode body) {
        List<String> words = SampleText.pieces(request.model(), behaviour.tokens());
        return Answer.text(words, RequestFields.beginning(body.path("messages")));
    }

    private static Answer call(Tool tool) {
        return new Answer(tool.name(), Answer.cut(Json.write(SchemaSample.object(tool.schema()))), 0);
    }

    /** A schema sent decides; else a tool that the request insists on, as many clients ask for objects that way. */
    private static Answer json(ModelRequest request) {
        if (request.schema().isEmpty() && request.toolForced()) {
            return request.tool().map(Answers::call).orElseThrow();
        }
        JsonNode value = SchemaSample.of(request.schema().orElse(SchemaSample.ANY_OBJECT));
        return Answer.text(Answer.cut(Json.write(value)));
    }
}
