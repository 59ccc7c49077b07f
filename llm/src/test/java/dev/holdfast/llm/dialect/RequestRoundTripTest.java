// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.anthropic.AnthropicDialect;
import dev.holdfast.llm.anthropic.AnthropicServer;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.openai.OpenAiDialect;
import dev.holdfast.llm.openai.OpenAiQuirks;
import dev.holdfast.llm.openai.OpenAiServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class RequestRoundTripTest {
    private static final long SEED = 20_260_101;

    private final Dialect openAi =
            new OpenAiDialect(OpenAiQuirks.OPENAI.withReasoningField("reasoning_content"), Decoding.errors());
    private final Dialect anthropic = new AnthropicDialect(Decoding.errors());

    @Test
    void whatIsEncodedForOpenAiIsReadBackAsItWas() {
        RandomRuns.play(SEED, 400, 12, random -> new Samples(random, "openai").next(), steps -> {
            LlmRequest request = Samples.build(steps);

            assertReadBack(openAi, new OpenAiServer(), request);
        });
    }

    @Test
    void whatIsEncodedForAnthropicIsReadBackAsItWas() {
        RandomRuns.play(SEED, 400, 12, random -> new Samples(random, "anthropic").next(), steps -> {
            LlmRequest request = Samples.build(steps);
            LlmRequest stated =
                    request.maxTokens() == null ? request.withMaxTokens(AnthropicDialect.DEFAULT_MAX_TOKENS) : request;

            assertReadBack(anthropic, new AnthropicServer(), stated);
        });
    }

    private static void assertReadBack(Dialect dialect, ServerDialect server, LlmRequest request) {
        boolean stream = request.choices() == null; // of a stream only the first answer is told
        EncodedRequest encoded = dialect.encode(request, "m-1", stream);
        DecodedRequest decoded = server.decodeRequest(encoded.body());

        assertThat(encoded.translation()).isEmpty();
        assertThat(decoded.model()).isEqualTo("m-1");
        assertThat(decoded.stream()).isEqualTo(stream);
        assertThat(decoded.request())
                .as(new String(encoded.body(), StandardCharsets.UTF_8))
                .isEqualTo(request);
    }

    @Test
    void anOpenAiRequestIsWrittenAgainAsItWasRead() {
        for (String wire : OpenAiWire.REQUESTS) {
            assertWrittenAgain(openAi, new OpenAiServer(), wire);
        }
    }

    @Test
    void anAnthropicRequestIsWrittenAgainAsItWasRead() {
        for (String wire : AnthropicWire.REQUESTS) {
            assertWrittenAgain(anthropic, new AnthropicServer(), wire);
        }
    }

    private static void assertWrittenAgain(Dialect dialect, ServerDialect server, String wire) {
        DecodedRequest decoded = server.decodeRequest(wire.getBytes(StandardCharsets.UTF_8));
        EncodedRequest encoded = dialect.encode(decoded.request(), decoded.model(), decoded.stream());

        JsonNode written = Json.read(encoded.body());
        assertThat(Samples.same(written, Json.read(wire)))
                .as("read %s%nwrote %s", wire, new String(encoded.body(), StandardCharsets.UTF_8))
                .isTrue();
        assertThat(encoded.translation()).isEmpty();
    }

    /** Whatever a client may add, wherever an object stands, comes through. */
    @Test
    void aFieldThatNobodyKnowsSurvivesWhereverItStands() {
        survives(openAi, new OpenAiServer(), OpenAiWire.REQUESTS);
        survives(anthropic, new AnthropicServer(), AnthropicWire.REQUESTS);
    }

    private static void survives(Dialect dialect, ServerDialect server, List<String> wires) {
        int places = 0;
        for (String wire : wires) {
            for (int at = 0; at < objects(Json.read(wire), -1, 0); at++) {
                JsonNode marked = Json.read(wire);
                objects(marked, at, 0);
                assertWrittenAgain(dialect, server, Json.string(marked));
                places++;
            }
        }
        assertThat(places).isGreaterThan(60);
    }

    /** Counts the objects of a tree and puts a field into one of them. */
    private static int objects(JsonNode node, int marked, int seen) {
        int count = seen;
        if (node instanceof ObjectNode object) {
            if (count++ == marked) {
                object.put("x_unknown", 1);
                return count;
            }
        }
        for (JsonNode child : node) {
            count = objects(child, marked, count);
        }
        return count;
    }
}
