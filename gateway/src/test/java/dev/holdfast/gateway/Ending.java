// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.OPENAI;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a request ended, as its client can tell.
 *
 * @param code of the error, or what is wrong with the end
 */
record Ending(Kind kind, String code) {
    enum Kind {
        /** A whole answer; a stream with its end marker. */
        WHOLE,
        /** An error with a status, in the client's dialect. */
        STATUS,
        /** An error event in place of the end marker. */
        EVENT,
        /** Nothing was answered: the connection was refused, or closed before a response began. */
        NO_RESPONSE,
        /** What must never be: an unfinished answer that looks whole, or that breaks off without a word. */
        WRONG
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern CODE = Pattern.compile("\"code\":\"([a-z_]+)\"");

    /** Sends and reads to the end. */
    static Ending of(HttpClient client, HttpRequest request) throws InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            return new Ending(Kind.NO_RESPONSE, String.valueOf(e.getMessage()));
        }
        String body;
        try (InputStream in = response.body()) {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return new Ending(Kind.WRONG, "broke off: " + e.getMessage());
        }
        return of(request.uri().getPath(), response.statusCode(), body);
    }

    static Ending of(String path, int status, String body) {
        boolean openAi = path.equals(OPENAI);
        if (status != 200) {
            JsonNode document = JSON.readTree(body);
            boolean typed = document.at("/error/message").isString()
                    && document.at("/error/type").isString()
                    && (openAi || document.path("type").asString("").equals("error"));
            return typed ? new Ending(Kind.STATUS, code(body)) : new Ending(Kind.WRONG, status + " " + body);
        }
        if (body.startsWith("{")) {
            boolean whole = body.contains(openAi ? "\"finish_reason\":\"" : "\"stop_reason\":\"");
            return whole ? new Ending(Kind.WHOLE, "") : new Ending(Kind.WRONG, body);
        }
        boolean marked = openAi ? body.endsWith("data: [DONE]\n\n") : body.contains("event: message_stop\n");
        int error = body.indexOf(openAi ? "data: {\"error\":" : "event: error\n");
        if (marked == (error >= 0)) {
            return new Ending(Kind.WRONG, (marked ? "marker and error: " : "neither marker nor error: ") + tail(body));
        }
        return marked ? new Ending(Kind.WHOLE, "") : new Ending(Kind.EVENT, code(body.substring(error)));
    }

    private static String code(String error) {
        Matcher code = CODE.matcher(error);
        return code.find() ? code.group(1) : "none";
    }

    private static String tail(String body) {
        return body.substring(Math.max(0, body.length() - 200));
    }
}
