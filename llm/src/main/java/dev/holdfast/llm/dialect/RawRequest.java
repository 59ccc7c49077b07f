// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client's request that is passed on as it is, but for the model's name: byte for byte, whatever its white space, its order,
 * its numbers. Reads the members of the outermost object and passes over the rest. Immutable and thread-safe; {@code
 * toString} never shows the body.
 *
 * <p>A member that stands twice is refused: servers differ in which one counts, so what is checked here could be another
 * model than what is asked for there.
 */
public final class RawRequest {
    private final byte[] body;
    private final int modelStart;
    private final int modelEnd;
    private final String model;
    private final boolean stream;

    private RawRequest(byte[] body, int modelStart, int modelEnd, String model, boolean stream) {
        this.body = body;
        this.modelStart = modelStart;
        this.modelEnd = modelEnd;
        this.model = model;
        this.stream = stream;
    }

    /**
     * @param body JSON in UTF-8; kept, not copied, and never changed
     * @throws InvalidRequestException if it is not one JSON object in UTF-8, a member stands twice, or its {@code model} is
     *     missing or no string; no other exception, whatever the body. What values are made of is not checked.
     */
    public static RawRequest read(byte[] body) {
        int invalid = Utf8.invalidAt(body);
        if (invalid >= 0) {
            throw new InvalidRequestException("", "is not UTF-8 at byte " + invalid);
        }
        JsonScan scan = new JsonScan(body);
        Reading reading = new Reading(body, scan);
        scan.members(reading);
        return reading.request();
    }

    /** What has been found while a body is read. */
    private static final class Reading implements JsonScan.Members {
        private final byte[] body;
        private final JsonScan scan;
        private final Set<String> names = new HashSet<>();
        private int modelStart;
        private int modelEnd;
        private @Nullable String model;
        private boolean stream;

        Reading(byte[] body, JsonScan scan) {
            this.body = body;
            this.scan = scan;
        }

        @Override
        public void member(String name, int start, int end) {
            if (!names.add(name)) {
                throw new InvalidRequestException(name, "stands twice");
            }
            if (name.equals("model")) {
                if (body[start] != '"') {
                    throw noModel();
                }
                modelStart = start;
                modelEnd = end;
                model = scan.string(start, end);
            } else if (name.equals("stream")) {
                stream = body[start] == 't';
            }
        }

        RawRequest request() {
            if (model == null) {
                throw noModel();
            }
            return new RawRequest(body, modelStart, modelEnd, model, stream);
        }

        private static InvalidRequestException noModel() {
            return new InvalidRequestException("model", "is required and must be a string");
        }
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
        byte[] replaced = new byte[body.length + name.length - (modelEnd - modelStart)];
        System.arraycopy(body, 0, replaced, 0, modelStart);
        System.arraycopy(name, 0, replaced, modelStart, name.length);
        System.arraycopy(body, modelEnd, replaced, modelStart + name.length, body.length - modelEnd);
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
