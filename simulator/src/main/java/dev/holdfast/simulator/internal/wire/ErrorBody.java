// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An error response without its status.
 *
 * @param contentType of the body
 * @param body as sent
 * @param headers beside the usual ones
 */
public record ErrorBody(String contentType, String body, Map<String, String> headers) {
    /** Where no error is sent. */
    public static final ErrorBody NONE = new ErrorBody("", "", Map.of());

    static final String JSON = "application/json";

    static ErrorBody json(JsonNode body) {
        return new ErrorBody(JSON, Json.write(body), Map.of());
    }

    ErrorBody with(Map<String, String> added) {
        return new ErrorBody(contentType, body, added);
    }

    /** The body where a line break would end it: in the data of an event. */
    String oneLine() {
        return body.replace('\r', ' ').replace('\n', ' ');
    }
}
