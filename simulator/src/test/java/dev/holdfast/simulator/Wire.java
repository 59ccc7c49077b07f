// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import dev.holdfast.simulator.internal.wire.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/** A simulator and the plainest clients that can talk to it. */
final class Wire implements AutoCloseable {
    /** The two chat dialects, for parameterised tests. */
    enum Speech {
        OPENAI("/v1/chat/completions"),
        ANTHROPIC("/v1/messages");

        final String path;

        Speech(String path) {
            this.path = path;
        }

        String body(String model, boolean stream) {
            return body(model, stream, "");
        }

        /** {@code more} is further JSON fields, each led by a comma. */
        String body(String model, boolean stream, String more) {
            String limit = this == ANTHROPIC ? ",\"max_tokens\":100" : "";
            return "{\"model\":\"" + model + "\",\"stream\":" + stream + limit
                    + ",\"messages\":[{\"role\":\"user\",\"content\":\"How is the sea today?\"}]" + more + "}";
        }

        String text(JsonNode answer) {
            return this == OPENAI
                    ? answer.at("/choices/0/message/content").asString("")
                    : answer.at("/content/0/text").asString("");
        }

        String delta(JsonNode event) {
            return this == OPENAI
                    ? event.at("/choices/0/delta/content").asString("")
                    : event.at("/delta/text").asString("");
        }

        String errorType(JsonNode body) {
            return body.at("/error/type").asString("");
        }

        boolean endsWell(String stream) {
            return this == OPENAI
                    ? stream.endsWith("data: [DONE]\n\n") && stream.contains("\"finish_reason\":\"stop\"")
                    : stream.contains("\"stop_reason\":\"end_turn\"") && stream.contains("event: message_stop");
        }

        String streamedText(String stream) {
            StringBuilder text = new StringBuilder();
            events(stream).forEach(event -> text.append(delta(event)));
            return text.toString();
        }
    }

    final Simulator simulator;
    final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    Wire() {
        try {
            simulator = Simulator.start(SimulatorOptions.defaults());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        simulator.close();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(simulator.baseUri() + path)).timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> plain(Speech speech, String model) throws IOException, InterruptedException {
        return post(speech.path, speech.body(model, false));
    }

    HttpResponse<String> stream(Speech speech, String model) throws IOException, InterruptedException {
        return post(speech.path, speech.body(model, true));
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    JsonNode stats() throws IOException, InterruptedException {
        return Json.read(get("/__sim/stats").body());
    }

    /** A socket to the simulator that gives up reading after some seconds. */
    Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    static String raw(String path, String body, String... headers) {
        StringBuilder lines = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: sim\r\n");
        for (String header : headers) {
            lines.append(header).append("\r\n");
        }
        return lines + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    /** Everything until the end of file. */
    static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Bytes until they end with {@code mark}. */
    static String readUntil(Socket socket, String mark) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.UTF_8).endsWith(mark)) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("end of file after: " + read.toString(StandardCharsets.UTF_8));
            }
            read.write(b);
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** As {@link #readUntil}, for answers too long to keep. */
    static void readUntilTail(Socket socket, String mark) throws IOException {
        byte[] buffer = new byte[1 << 16];
        String tail = "";
        while (!tail.endsWith(mark)) {
            int count = socket.getInputStream().read(buffer);
            if (count < 0) {
                throw new IOException("end of file after: " + tail);
            }
            String seen = tail + new String(buffer, 0, count, StandardCharsets.UTF_8);
            tail = seen.substring(Math.max(0, seen.length() - mark.length()));
        }
    }

    /** The JSON data of a stream's events. */
    static List<JsonNode> events(String stream) {
        List<JsonNode> events = new ArrayList<>();
        for (String line : stream.split("\n")) {
            if (line.startsWith("data: {")) {
                events.add(Json.read(line.substring(6)));
            }
        }
        return events;
    }

    /** Waits for what another thread of the server does on its own: real sockets, so real time, bounded. */
    static void eventually(BooleanSupplier fact) {
        long endNanos = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() > endNanos) {
                throw new AssertionError("has not become true within 30 s");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }
}
