// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's request that is passed on as it is, but for the model's name: byte for byte, whatever its white space, its order,
 * its numbers and its duplicates. Reads the members of the outermost object and passes over the rest. Immutable and
 * thread-safe; {@code toString} never shows the body.
 *
 * <p>Where {@code model} stands more than once, servers differ in which one counts; all are replaced, and {@link #model()}
 * is the last, as most readers have it.
 */
public final class RawRequest {
    private record Span(int start, int end) {}

    private final byte[] body;
    private final List<Span> models;
    private final String model;
    private final boolean stream;

    private RawRequest(byte[] body, List<Span> models, String model, boolean stream) {
        this.body = body;
        this.models = models;
        this.model = model;
        this.stream = stream;
    }

    /**
     * @param body JSON in UTF-8; kept, not copied, and never changed
     * @throws InvalidRequestException if it is not one JSON object, or its {@code model} is missing or no string; no other
     *     exception, whatever the body. What stands inside strings is not checked.
     */
    public static RawRequest read(byte[] body) {
        JsonScan scan = new JsonScan(body);
        List<Span> models = new ArrayList<>();
        String[] model = new String[1];
        boolean[] stream = new boolean[1];
        scan.members((name, start, end) -> {
            if (name.equals("model")) {
                if (body[start] != '"') {
                    throw new InvalidRequestException("model", "is required and must be a string");
                }
                models.add(new Span(start, end));
                model[0] = scan.string(start, end);
            } else if (name.equals("stream")) {
                stream[0] = body[start] == 't';
            }
        });
        @Nullable String last = model[0];
        if (last == null) {
            throw new InvalidRequestException("model", "is required and must be a string");
        }
        return new RawRequest(body, models, last, stream[0]);
    }

    /** The model's name as the client wrote it, escapes read. */
    public String model() {
        return model;
    }

    /** Whether the client wants the answer streamed. */
    public boolean stream() {
        return stream;
    }

    /** The body with another model name and no other change. */
    public byte[] withModel(String newModel) {
        Objects.requireNonNull(newModel, "newModel");
        byte[] name = JsonScan.quoted(newModel).getBytes(StandardCharsets.UTF_8);
        int size = body.length;
        for (Span span : models) {
            size += name.length - (span.end() - span.start());
        }
        byte[] replaced = new byte[size];
        int from = 0;
        int to = 0;
        for (Span span : models) {
            int kept = span.start() - from;
            System.arraycopy(body, from, replaced, to, kept);
            System.arraycopy(name, 0, replaced, to + kept, name.length);
            from = span.end();
            to += kept + name.length;
        }
        System.arraycopy(body, from, replaced, to, body.length - from);
        return replaced;
    }

    /** The body as it was read. */
    public byte[] body() {
        return Arrays.copyOf(body, body.length);
    }

    @Override
    public String toString() {
        return "RawRequest[" + body.length + " bytes, stream=" + stream + "]";
    }
}
