// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Remembers what it was sent, and is as slow a reader as the test wants. */
public final class FakeResponse implements Response {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Runnable writableAction = () -> {};
    private Runnable goneAction = () -> {};
    public int status;
    public @Nullable HttpHeaders headers;
    public boolean writable = true;
    public boolean ended;
    public boolean aborted;

    public static Request request(String method, String path) {
        return new Request(method, path, "", new DefaultHttpHeaders(), new byte[0], InetAddress.getLoopbackAddress());
    }

    @Override
    public void send(int sentStatus, HttpHeaders sentHeaders, byte[] sent) {
        begin(sentStatus, sentHeaders);
        body.writeBytes(sent);
        ended = true;
    }

    @Override
    public void begin(int sentStatus, HttpHeaders sentHeaders) {
        if (status != 0) {
            throw new IllegalStateException("a second head");
        }
        status = sentStatus;
        headers = sentHeaders;
    }

    @Override
    public void write(ByteBuffer piece) {
        if (!writable) {
            throw new IllegalStateException("written to a client that does not read");
        }
        byte[] bytes = new byte[piece.remaining()];
        piece.duplicate().get(bytes);
        body.writeBytes(bytes);
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public void abort() {
        aborted = true;
        goneAction.run();
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void onWritable(Runnable action) {
        writableAction = action;
    }

    @Override
    public void onGone(Runnable action) {
        goneAction = action;
    }

    public void readAgain() {
        writable = true;
        writableAction.run();
    }

    public void leave() {
        goneAction.run();
    }

    public String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return JSON.readTree(body.toByteArray());
    }

    public String header(String name) {
        return String.valueOf(headers == null ? null : headers.get(name));
    }

    /** The events so far; those read are gone. */
    public List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (String block : text().split("\n\n")) {
            if (!block.isEmpty()) {
                String[] lines = block.split("\n");
                events.add(new Event(
                        lines[0].substring("event: ".length()), JSON.readTree(lines[1].substring("data: ".length()))));
            }
        }
        body.reset();
        return events;
    }

    public record Event(String name, JsonNode data) {}
}
