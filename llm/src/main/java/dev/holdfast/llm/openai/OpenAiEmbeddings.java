// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.EmbeddingResponse;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Answers;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI embeddings. Vectors are read in either encoding, whichever was asked for. Immutable and thread-safe. */
public final class OpenAiEmbeddings {
    private final ErrorReader errors;

    public OpenAiEmbeddings(ErrorReader errors) {
        this.errors = errors;
    }

    public EncodedRequest encode(EmbeddingRequest request, String model) {
        ObjectNode body = Json.object();
        body.put("model", model);
        ArrayNode input = body.putArray("input");
        request.texts().forEach(input::add);
        if (request.dimensions() != null) {
            body.put("dimensions", request.dimensions());
        }
        if (request.encoding() == EmbeddingRequest.Encoding.BASE64) {
            body.put("encoding_format", "base64");
        }
        body.setAll(Json.requireObject(request.extraJson(), "extraJson"));
        return passedOn(Json.bytes(body));
    }

    /**
     * A request that is in this wire format already, passed on as it is.
     *
     * @param body JSON in UTF-8; kept, not copied
     */
    public EncodedRequest passedOn(byte[] body) {
        Map<String, String> headers = Map.of("content-type", "application/json", "accept", "application/json");
        return new EncodedRequest("/embeddings", headers, body, List.of());
    }

    /**
     * Looks whether a response holds vectors, without reading them.
     *
     * @return tokens of the texts
     * @throws ProviderException for all that is no list of vectors
     */
    public Usage check(ResponseHead head, BoundedBody body) {
        ObjectNode object = answer(head, body);
        for (JsonNode one : object.path("data")) {
            JsonNode vector = one.path("embedding");
            if (vector.isString() ? vector.stringValue().isEmpty() : !vector.isArray() || vector.isEmpty()) {
                throw unreadable(head, "a text without its vector");
            }
        }
        return usage(object);
    }

    /** @throws ProviderException for all that is not one vector for each text */
    public EmbeddingResponse decode(ResponseHead head, BoundedBody body, EmbeddingRequest request) {
        ObjectNode object = answer(head, body);
        float[][] vectors = vectors(object.path("data"), request.texts().size());
        if (vectors == null) {
            throw unreadable(head, "not one vector for each text");
        }
        return new EmbeddingResponse(Json.textOrEmpty(object, "model"), List.of(vectors), usage(object), null);
    }

    private static Usage usage(ObjectNode answer) {
        return Usage.of(Json.count(answer.path("usage"), "prompt_tokens"), 0);
    }

    private static ProviderException unreadable(ResponseHead head, String what) {
        return new ProviderException(
                Failure.of(Category.SERVER_ERROR, "embeddings.unreadable", what), head.status(), head.headers());
    }

    /** An answer with a list of something in it. */
    private ObjectNode answer(ResponseHead head, BoundedBody body) {
        byte[] bytes = body.toBytes();
        if (!head.isSuccess()) {
            throw errors.response(head, bytes);
        }
        if (body.overflowed()) {
            throw errors.tooLarge(head);
        }
        ObjectNode object = object(bytes);
        if (object != null && Answers.isError(object)) {
            throw errors.response(head, bytes);
        }
        if (bytes.length == 0 || (object != null && isEmpty(object.path("data")))) {
            throw errors.empty(head);
        }
        if (object == null || object.path("data").isMissingNode()) {
            throw errors.unreadable(head, bytes);
        }
        if (!object.path("data").isArray()) {
            throw unreadable(head, "no list of vectors");
        }
        return object;
    }

    private static @Nullable ObjectNode object(byte[] bytes) {
        try {
            return Json.read(bytes) instanceof ObjectNode object ? object : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static boolean isEmpty(JsonNode data) {
        return data.isArray() && data.isEmpty();
    }

    /** By index, which need not be the order of the list; null unless there is one for each text, all of one length. */
    private static float @Nullable [][] vectors(JsonNode data, int count) {
        if (!data.isArray() || data.size() != count) {
            return null;
        }
        float[][] vectors = new float[count][];
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JsonNode one = data.path(i);
            int index = one.path("index").asInt(i);
            float[] vector = vector(one.path("embedding"));
            if (vector == null || index < 0 || index >= count || vectors[index] != null) {
                return null;
            }
            vectors[index] = vector;
            all.add(vector);
        }
        int length = all.get(0).length;
        return all.stream().allMatch(vector -> vector.length == length && length > 0) ? vectors : null;
    }

    private static float @Nullable [] vector(JsonNode embedding) {
        if (embedding.isString()) {
            return decoded(embedding.stringValue());
        }
        if (!embedding.isArray()) {
            return null;
        }
        float[] vector = new float[embedding.size()];
        for (int i = 0; i < vector.length; i++) {
            JsonNode number = embedding.path(i);
            if (!number.isNumber()) {
                return null;
            }
            vector[i] = (float) number.doubleValue();
        }
        return vector;
    }

    private static float @Nullable [] decoded(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (bytes.length % Float.BYTES != 0) {
            return null;
        }
        FloatBuffer floats =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] vector = new float[floats.remaining()];
        floats.get(vector);
        return vector;
    }
}
