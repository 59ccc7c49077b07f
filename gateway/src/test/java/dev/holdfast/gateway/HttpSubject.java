// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.llm.conformance.Case;
import dev.holdfast.llm.conformance.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of OpenAI's dialect, with nothing of ours in it, before some gateway; it leaves what has not ended after a while. */
abstract class HttpSubject implements Subject {
    /** Longer than every timeout of the cases, with the waits of all tries. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    /** Longer than every timeout for silence. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SCHEMA =
            ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":true,"
                    + "\"schema\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"required\":[\"n\"],"
                    + "\"additionalProperties\":false}}}";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final boolean structured;

    HttpSubject(Case asked) {
        this.structured = asked.kind() == Case.Kind.STRUCTURED;
    }

    /** Where the gateway answers, without a path. */
    abstract URI uri();

    /** The model to ask the gateway for. */
    abstract String model();

    /** What it must be told beside the body. */
    abstract Map<String, String> headers();

    /** How many attempts it says it made; 0 where it does not say. */
    abstract int attempts(HttpResponse<?> response);

    private CompletableFuture<HttpResponse<InputStream>> send() {
        String body = "{\"model\":\"" + model() + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]"
                + (structured ? SCHEMA : ",\"stream\":true") + "}";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri() + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .header("authorization", "Bearer sk-any")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers().forEach(request::header);
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    @Override
    public Seen ask() throws Exception {
        return end(System.nanoTime(), send());
    }

    @Override
    public List<Seen> askAtOnce(int calls) throws Exception {
        long start = System.nanoTime();
        List<CompletableFuture<HttpResponse<InputStream>>> responses = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            responses.add(send());
        }
        List<Seen> seen = new ArrayList<>();
        for (CompletableFuture<HttpResponse<InputStream>> response : responses) {
            seen.add(end(start, response));
        }
        return seen;
    }

    @Override
    public Seen askAndLeave() throws Exception {
        HttpResponse<InputStream> response = send().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        InputStream body = response.body();
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf("\"content\":\"") < 0 || seen.charAt(seen.length() - 1) != '\n') {
            int next = body.read();
            if (next < 0) {
                throw new IOException("the stream ended before any content: " + seen);
            }
            seen.append((char) next);
        }
        body.close();
        return new Seen(response.statusCode(), "left", 1, false, attempts(response), 0);
    }

    private Seen end(long start, CompletableFuture<HttpResponse<InputStream>> sent) throws Exception {
        HttpResponse<InputStream> response;
        try {
            response = sent.get();
        } catch (ExecutionException e) {
            return new Seen(0, "no answer", 0, false, 0, since(start));
        }
        Reading reading = new Reading();
        CompletableFuture<Void> read = CompletableFuture.runAsync(() -> reading.all(response.body()));
        boolean left = false;
        try {
            read.get(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            left = true;
        }
        long millis = since(start);
        response.body().close();
        Seen seen = response.statusCode() == 200 && !structured
                ? reading.seen(left)
                : document(response.statusCode(), reading.text());
        return new Seen(
                response.statusCode(), seen.outcome(), seen.words(), seen.terminator(), attempts(response), millis);
    }

    /** A body that is one JSON document. */
    private static Seen document(int status, String body) {
        try {
            JsonNode document = JSON.readTree(body);
            if (status == 200) {
                String content = document.at("/choices/0/message/content").asString("");
                return new Seen(isJson(content) ? "finish" : "finish, content is no JSON", 0, true, 0, 0);
            }
            JsonNode code = document.at("/error/code");
            String said = code.isString()
                    ? code.stringValue()
                    : document.at("/error/type").asString("error");
            return new Seen(said, 0, true, 0, 0);
        } catch (JacksonException e) {
            return new Seen("error", 0, true, 0, 0);
        }
    }

    private static boolean isJson(String text) {
        try {
            return JSON.readTree(text).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }

    private static long since(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /** What has come of a stream so far. */
    private static final class Reading {
        private final StringBuilder raw = new StringBuilder();
        private final StringBuilder text = new StringBuilder();
        private String error = "";
        private String finish = "";
        private boolean done;
        private boolean cut;

        void all(InputStream body) {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    take(line);
                }
            } catch (IOException e) {
                cut = true;
            }
        }

        private synchronized void take(String line) {
            raw.append(line);
            if (!line.startsWith("data:")) {
                return;
            }
            String data = line.substring("data:".length()).strip();
            if (data.equals("[DONE]")) {
                done = true;
                return;
            }
            try {
                JsonNode event = JSON.readTree(data);
                text.append(event.at("/choices/0/delta/content").asString(""));
                JsonNode reason = event.at("/choices/0/finish_reason");
                finish = reason.isString() ? reason.stringValue() : finish;
                JsonNode failed = event.path("error");
                if (failed.isObject()) {
                    error = failed.path("code").asString(failed.path("type").asString("error"));
                }
            } catch (JacksonException e) {
                error = error.isEmpty() ? "an event that is no JSON" : error;
            }
        }

        synchronized String text() {
            return raw.toString();
        }

        synchronized Seen seen(boolean left) {
            int words = text.toString().isBlank() ? 0 : text.toString().strip().split(" ").length;
            if (!error.isEmpty()) {
                return new Seen(error, words, true, 0, 0);
            }
            if (done && !finish.isEmpty()) {
                return new Seen(finish.equals("stop") ? "finish" : "finish (" + finish + ")", words, true, 0, 0);
            }
            String how = left ? "silence" : cut ? "connection cut" : done ? "[DONE] without an answer" : "clean end";
            return new Seen(how, words, false, 0, 0);
        }
    }
}
