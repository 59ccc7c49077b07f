// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.failure.Category;
import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.EmbeddingResponse;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.DecodeLimits;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiEmbeddingsTest {
    private static final EmbeddingRequest TWO = EmbeddingRequest.of(List.of("a", "b"));

    private final OpenAiEmbeddings embeddings = new OpenAiEmbeddings(
            new ErrorReader("openai", ProviderErrorClassifier.create()::classify, DecodeLimits.DEFAULTS));

    private EmbeddingResponse decode(int status, String text) {
        BoundedBody body = new BoundedBody(1 << 20);
        body.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return embeddings.decode(new ResponseHead(status, Map.of()), body, TWO);
    }

    @Test
    void whatIsNotStatedIsNotSent() {
        EncodedRequest plain = embeddings.encode(TWO, "m");
        EncodedRequest full = embeddings.encode(
                TWO.withDimensions(3)
                        .withEncoding(EmbeddingRequest.Encoding.BASE64)
                        .withExtraJson("{\"user\":\"u\"}"),
                "m");

        assertThat(plain.path()).isEqualTo("/embeddings");
        assertThat(Json.read(plain.body())).isEqualTo(Json.read("{\"model\":\"m\",\"input\":[\"a\",\"b\"]}"));
        assertThat(Json.read(full.body()))
                .isEqualTo(Json.read("{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"dimensions\":3,"
                        + "\"encoding_format\":\"base64\",\"user\":\"u\"}"));
    }

    @Test
    void theIndexDecidesNotTheOrderOfTheList() {
        EmbeddingResponse response = decode(
                200,
                "{\"data\":[{\"index\":1,\"embedding\":[3,4]},{\"index\":0,\"embedding\":[1,2]}],"
                        + "\"model\":\"m-1\",\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}");

        assertThat(response.vector(0)).containsExactly(1, 2);
        assertThat(response.vector(1)).containsExactly(3, 4);
        assertThat(response.model()).isEqualTo("m-1");
        assertThat(response.usage()).isEqualTo(Usage.of(7, 0));
    }

    @Test
    void base64IsReadWhateverWasAskedFor() {
        EmbeddingResponse response = decode(
                200, "{\"data\":[{\"index\":0,\"embedding\":\"AACAPwAAAMA=\"},{\"index\":1,\"embedding\":[0.5,1]}]}");

        assertThat(response.vector(0)).containsExactly(1f, -2f);
        assertThat(response.vector(1)).containsExactly(0.5f, 1f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":[{\"index\":0,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":2,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1,2]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[]},{\"index\":1,\"embedding\":[]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[\"x\"]},{\"index\":1,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":\"!!\"},{\"index\":1,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":\"AAAA\"},{\"index\":1,\"embedding\":[1]}]}",
                "{\"data\":{}}",
                "{\"data\":7}"
            })
    void whatIsNotOneVectorForEachTextIsNoAnswer(String body) {
        assertThatThrownBy(() -> decode(200, body)).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(
                        e.failure().category())
                .isEqualTo(Category.SERVER_ERROR));
    }

    @Test
    void nothingAtAllIsAnEmptyResponseAndAnErrorIsItsError() {
        assertThatThrownBy(() -> decode(200, "{\"data\":[]}")).hasMessageContaining("empty_response");
        assertThatThrownBy(() -> decode(200, "")).hasMessageContaining("empty_response");
        assertThatThrownBy(() -> decode(200, "[]")).isInstanceOf(ProviderException.class);
        assertThatThrownBy(() -> decode(200, "<html>")).isInstanceOf(ProviderException.class);
        assertThatThrownBy(() -> decode(429, "{\"error\":{\"message\":\"slow down\"}}"))
                .hasMessageContaining("rate_limit");
        assertThatThrownBy(() -> decode(200, "{\"error\":{\"message\":\"no\",\"code\":503}}"))
                .isInstanceOf(ProviderException.class);
    }
}
