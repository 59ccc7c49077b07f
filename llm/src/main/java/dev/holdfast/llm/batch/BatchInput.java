// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import dev.holdfast.llm.dialect.InvalidRequestException;
import dev.holdfast.llm.internal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads the input line by line. Of the lines that it has given it keeps the ids alone. */
final class BatchInput implements AutoCloseable {
    /** As long as a prompt with several images; far from what fills a heap. */
    static final int MAX_LINE_BYTES = 64 << 20;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final LineReader lines;
    private final IdSet ids = new IdSet();
    private long number;

    BatchInput(LineReader lines) {
        this.lines = lines;
    }

    static BatchInput of(Path file) throws IOException {
        return new BatchInput(new LineReader(Files.newInputStream(file), MAX_LINE_BYTES));
    }

    /** How many lines it has given. */
    long number() {
        return number;
    }

    /** The next line; null after the last. */
    @Nullable
    InputLine next() throws IOException {
        LineReader.Line line = lines.next();
        if (line == null) {
            return null;
        }
        number++;
        JsonNode id = JsonNodeFactory.instance.numberNode(number);
        InputLine read;
        if (line.tooLong()) {
            read = new InputLine.Refused(number, id, "the line is longer than " + (MAX_LINE_BYTES >> 20) + " MiB");
        } else {
            read = read(number == 1 ? withoutMark(line.bytes()) : line.bytes(), id);
        }
        if (!ids.add(read.id().toString())) {
            return new InputLine.Refused(
                    number, read.id(), "the id is already used by an earlier line; give each line its own");
        }
        return read;
    }

    private InputLine read(byte[] line, JsonNode lineNumber) {
        ObjectNode object;
        try {
            JsonNode node = Json.read(line);
            if (node.isMissingNode()) {
                return new InputLine.Refused(number, lineNumber, "the line is empty; write one JSON object per line");
            }
            if (!(node instanceof ObjectNode read)) {
                return new InputLine.Refused(number, lineNumber, "the line is not a JSON object");
            }
            object = read;
        } catch (JacksonException e) {
            return new InputLine.Refused(number, lineNumber, "the line is not JSON, or too deep or too long for it");
        }
        JsonNode given = object.get("id");
        JsonNode id = given == null || given.isNull() ? lineNumber : given;
        if (!id.isString() && !id.isNumber()) {
            return new InputLine.Refused(number, lineNumber, "id must be a string or a number");
        }
        try {
            return new InputLine.Asked(number, id, RequestLine.model(object), RequestLine.request(object));
        } catch (InvalidRequestException e) {
            return new InputLine.Refused(number, id, String.valueOf(e.getMessage()));
        }
    }

    private static byte[] withoutMark(byte[] line) {
        int mark = BYTE_ORDER_MARK.length;
        boolean marked = line.length >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark);
        return marked ? Arrays.copyOfRange(line, mark, line.length) : line;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
