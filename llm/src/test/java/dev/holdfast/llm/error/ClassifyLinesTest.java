// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClassifyLinesTest {
    private final JsonMapper json = JsonMapper.builder().build();
    private boolean allWellFormed;

    private List<JsonNode> run(String... lines) throws IOException {
        StringWriter out = new StringWriter();
        allWellFormed = ClassifyLines.run(new StringReader(String.join("\n", lines) + "\n"), out);
        return out.toString().lines().map(json::readTree).toList();
    }

    @Test
    void oneLineOutForEachLineInWithTheSameId() throws IOException {
        List<JsonNode> out = run(
                "{\"id\":\"a\",\"provider\":\"openai\",\"transport\":\"http\",\"status\":429,\"headers\":{\"Retry-After\":\"2\"},\"body\":\"\"}",
                "{\"id\":7,\"transport\":\"exception\",\"exception\":\"java.net.ConnectException: null\"}",
                "{\"transport\":\"sse\",\"status\":200,\"body\":\"data: [DONE]\\n\\n\"}");

        assertThat(allWellFormed).isTrue();
        assertThat(out).hasSize(3);
        assertThat(out.get(0).toString())
                .startsWith(
                        "{\"id\":\"a\",\"category\":\"rate_limit\",\"retry\":\"same_target\",\"retry_after_ms\":2000,\"reach\":\"target\",\"rule\":\"shared.status_429\"");
        assertThat(out.get(1).get("id").asInt()).isEqualTo(7);
        assertThat(out.get(1).get("category").asString()).isEqualTo("network");
        assertThat(out.get(1).get("retry_after_ms").isNull()).isTrue();
        assertThat(out.get(2).get("id").isNull()).isTrue();
        assertThat(out.get(2).get("category").asString()).isEqualTo("empty_response");
    }

    @Test
    void malformedLinesAreNamedByNumberAndTheRestGoesOn() throws IOException {
        List<JsonNode> out = run(
                "{\"status\":401}",
                "nonsense",
                "",
                "[1]",
                "{\"status\":\"often\"}",
                "{\"transport\":\"pigeon\"}",
                "{\"headers\":[]}",
                "{\"exception\":{}}",
                "{\"status\":401}");

        assertThat(allWellFormed).isFalse();
        assertThat(out).hasSize(9);
        for (int line = 2; line <= 8; line++) {
            assertThat(out.get(line - 1).get("line").asInt()).isEqualTo(line);
            assertThat(out.get(line - 1).get("error").asString()).isNotBlank();
            assertThat(out.get(line - 1).has("category")).isFalse();
        }
        assertThat(out.get(8).get("category").asString()).isEqualTo("auth");
    }

    @Test
    void unknownKeysAreIgnoredAndHeadersMayBeArraysInAnyCase() throws IOException {
        List<JsonNode> out = run(
                "{\"status\":429,\"colour\":[1,{}],\"expected\":{\"category\":\"auth\"},\"headers\":{\"RETRY-AFTER\":[\"4\"],\"x\":null,\"n\":5}}");

        assertThat(allWellFormed).isTrue();
        assertThat(out.get(0).get("retry_after_ms").asLong()).isEqualTo(4000);
    }

    @Test
    void bodyMayBeJsonItself() throws IOException {
        List<JsonNode> out = run("{\"status\":400,\"body\":{\"error\":{\"code\":\"context_length_exceeded\"}}}");

        assertThat(out.get(0).get("category").asString()).isEqualTo("context_length");
    }

    @Test
    void missingTransportIsGuessed() throws IOException {
        List<JsonNode> out = run("{\"exception\":\"java.net.SocketTimeoutException: timeout\"}");

        assertThat(out.get(0).get("category").asString()).isEqualTo("timeout");
    }

    @Test
    void waitIsRoundedUpToMilliseconds() throws IOException {
        List<JsonNode> out = run("{\"status\":429,\"body\":\"Please try again in 1.0000001s\"}");

        assertThat(out.get(0).get("retry_after_ms").asLong()).isEqualTo(1001);
    }

    @Test
    void eachLineIsFlushedBeforeTheNextIsRead() throws IOException {
        List<String> flushed = new ArrayList<>();
        StringBuilder pending = new StringBuilder();
        Writer out = new Writer() {
            @Override
            public void write(char[] chars, int from, int length) {
                pending.append(chars, from, length);
            }

            @Override
            public void flush() {
                flushed.add(pending.toString());
                pending.setLength(0);
            }

            @Override
            public void close() {}
        };

        ClassifyLines.run(new StringReader("{\"status\":500}\n{\"status\":401}\n"), out);

        assertThat(flushed).hasSize(2).allMatch(line -> line.endsWith("}\n"));
    }

    @Test
    void emptyInputGivesNothing() throws IOException {
        StringWriter out = new StringWriter();

        assertThat(ClassifyLines.run(new StringReader(""), out)).isTrue();
        assertThat(out.toString()).isEmpty();
    }
}
