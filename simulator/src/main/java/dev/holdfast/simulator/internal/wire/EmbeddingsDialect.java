// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import dev.holdfast.simulator.internal.behaviour.Provider;
import dev.holdfast.simulator.internal.wire.ModelRequest.Invalid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI embeddings: unit vectors that are a fixed function of each input. Never streamed. */
public final class EmbeddingsDialect implements Dialect {
    private static final int DEFAULT_DIMENSIONS = 64;
    private static final int MOST_DIMENSIONS = 4096;
    private static final int MOST_INPUTS = 2048;

    @Override
    public ModelRequest read(JsonNode body) {
        String model = RequestFields.model(body);
        JsonNode input = body.path("input");
        if (!input.isString() && (!input.isArray() || input.isEmpty() || input.size() > MOST_INPUTS)) {
            throw new Invalid("input", "input: a string, or an array of 1 to " + MOST_INPUTS + " inputs, is required");
        }
        if (dimensions(body) < 1 || dimensions(body) > MOST_DIMENSIONS) {
            throw new Invalid("dimensions", "dimensions: a number from 1 to " + MOST_DIMENSIONS + " is required");
        }
        return new ModelRequest(
                model, false, false, RequestFields.tokens(input), Optional.empty(), false, Optional.empty());
    }

    @Override
    public AnswerWriter writer(JsonNode body, ModelRequest request, Answer answer, long serial, long createdSeconds) {
        String document = document(body, request, answer.tokens() == 0);
        return new WholeDocument(document);
    }

    @Override
    public Provider errors() {
        return Provider.OPENAI;
    }

    @Override
    public int inBandStatus() {
        return 503;
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }

    private static int dimensions(JsonNode body) {
        return body.path("dimensions").asInt(DEFAULT_DIMENSIONS);
    }

    private static String document(JsonNode body, ModelRequest request, boolean empty) {
        boolean base64 = body.path("encoding_format").asString("").equals("base64");
        ObjectNode document = Json.object().put("object", "list");
        ArrayNode data = document.putArray("data");
        List<String> inputs = empty ? List.of() : inputs(body.path("input"));
        for (int i = 0; i < inputs.size(); i++) {
            ObjectNode one = data.addObject().put("object", "embedding").put("index", i);
            float[] vector = vector(inputs.get(i), dimensions(body));
            if (base64) {
                one.put("embedding", encoded(vector));
            } else {
                ArrayNode numbers = one.putArray("embedding");
                for (float number : vector) {
                    numbers.add(number);
                }
            }
        }
        document.put("model", request.model())
                .putObject("usage")
                .put("prompt_tokens", request.promptTokens())
                .put("total_tokens", request.promptTokens());
        return Json.write(document);
    }

    /** One text, several texts, one list of token numbers, or several of those. */
    private static List<String> inputs(JsonNode input) {
        if (input.isString() || input.path(0).isNumber()) {
            return List.of(input.isString() ? input.stringValue() : Json.write(input));
        }
        List<String> inputs = new ArrayList<>();
        for (JsonNode one : input) {
            inputs.add(one.isString() ? one.stringValue() : Json.write(one));
        }
        return inputs;
    }

    private static float[] vector(String input, int dimensions) {
        long seed = SampleText.hash(input);
        double[] raw = new double[dimensions];
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            raw[i] = SampleText.mix(seed + i) / (double) Long.MAX_VALUE;
            squares += raw[i] * raw[i];
        }
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (raw[i] / Math.sqrt(squares));
        }
        return vector;
    }

    private static String encoded(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : vector) {
            bytes.putFloat(number);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Embeddings have no stream: the document is all there is. */
    private record WholeDocument(String document) implements AnswerWriter {
        @Override
        public String plain(boolean terminal) {
            return document;
        }

        @Override
        public List<String> opening() {
            return List.of();
        }

        @Override
        public int contents() {
            return 0;
        }

        @Override
        public String content(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public List<String> closing() {
            return List.of(document);
        }

        @Override
        public String inBandError(ErrorBody error) {
            return error.oneLine();
        }

        @Override
        public String broken() {
            return document.substring(0, document.length() / 2);
        }
    }
}
