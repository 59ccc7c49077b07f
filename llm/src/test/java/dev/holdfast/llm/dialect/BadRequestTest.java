// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.anthropic.AnthropicDialect;
import dev.holdfast.llm.anthropic.AnthropicServer;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.openai.OpenAiDialect;
import dev.holdfast.llm.openai.OpenAiQuirks;
import dev.holdfast.llm.openai.OpenAiServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class BadRequestTest {
    private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {%HI} | model
            {"model":1,%HI} | model
            {"model":"m"} | messages
            {"model":"m","messages":[]} | messages
            {"model":"m","messages":{}} | messages
            {"model":"m","messages":["x"]} | messages[0]
            {"model":"m","messages":[{"content":"x"}]} | messages[0].role
            {"model":"m","messages":[{"role":"robot","content":"x"}]} | messages[0].role
            {"model":"m","messages":[{"role":"user"}]} | messages[0].content
            {"model":"m","messages":[{"role":"user","content":7}]} | messages[0].content
            {"model":"m","messages":[{"role":"user","content":[{"text":"x"}]}]} | messages[0].content[0].type
            {"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]} | messages[0].content[0].text
            {"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":"u"}]}]} | messages[0].content[0].image_url
            {"model":"m","messages":[{"role":"tool","content":"x"}]} | messages[0].tool_call_id
            {"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","function":{}}]}]} | messages[0].tool_calls[0].function.name
            {"model":"m",%HI,"temperature":"hot"} | temperature
            {"model":"m",%HI,"max_tokens":0} | max_tokens
            {"model":"m",%HI,"n":1.5} | n
            {"model":"m",%HI,"stop":[1]} | stop
            {"model":"m",%HI,"tools":[{"type":"function"}]} | tools[0].function
            {"model":"m",%HI,"tools":[{"type":"function","function":{"name":"a","parameters":[]}}]} | tools[0].function.parameters
            {"model":"m",%HI,"tools":[{"type":"function","function":{"name":"a"}}],"tool_choice":"maybe"} | tool_choice
            {"model":"m",%HI,"response_format":{"type":"json_schema","json_schema":{"schema":{}}}} | response_format.json_schema.name
            {"model":"m",%HI,"stream":"yes"} | stream
            {"model":"m",%HI,"temperature":1e999} | temperature
            [] | ''
            {"model": | ''
            """)
    void anOpenAiRequestThatCannotBeReadNamesThePlace(String body, String path) {
        assertRefused(new OpenAiServer(), body.replace("%HI", HI), path);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"max_tokens":5,%HI} | model
            {"model":"m",%HI} | max_tokens
            {"model":"m","max_tokens":"5",%HI} | max_tokens
            {"model":"m","max_tokens":5} | messages
            {"model":"m","max_tokens":5,"messages":[{"role":"system","content":"x"}]} | messages[0].role
            {"model":"m","max_tokens":5,"messages":[{"role":"user","content":[]}]} | messages[0].content
            {"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image"}]}]} | messages[0].content[0].source
            {"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"tool_result"}]}]} | messages[0].content[0].tool_use_id
            {"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","is_error":"no"}]}]} | messages[0].content[0].is_error
            {"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text"}]}]}]} | messages[0].content[0].content[0].text
            {"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"n","input":"{}"}]}]} | messages[0].content[0].input
            {"model":"m","max_tokens":5,%HI,"system":7} | system
            {"model":"m","max_tokens":5,%HI,"system":[{"type":"image"}]} | system[0].source
            {"model":"m","max_tokens":5,%HI,"tools":[{"name":"a"}]} | tools[0].input_schema
            {"model":"m","max_tokens":5,%HI,"tools":[{"name":"a","input_schema":{}}],"tool_choice":{"type":"x"}} | tool_choice.type
            {"model":"m","max_tokens":5,%HI,"metadata":"x"} | metadata
            {"model":"m","max_tokens":5,%HI,"stop_sequences":"END"} | stop_sequences
            nonsense | ''
            """)
    void anAnthropicRequestThatCannotBeReadNamesThePlace(String body, String path) {
        assertRefused(new AnthropicServer(), body.replace("%HI", HI), path);
    }

    private static void assertRefused(ServerDialect server, String body, String path) {
        Throwable thrown = catchThrowable(() -> server.decodeRequest(body.getBytes(StandardCharsets.UTF_8)));

        assertThat(thrown).isInstanceOfSatisfying(InvalidRequestException.class, e -> {
            assertThat(e.path()).isEqualTo(path);
            assertThat(e.failure().category()).isEqualTo(Category.INVALID_REQUEST);
            assertThat(e.failure().scope()).isEqualTo(RetryScope.NEVER);
            assertThat(e).hasMessageStartingWith(path.isEmpty() ? "the request body" : path);
            JsonNode answer = Json.read(server.encodeError(ErrorBody.of(e, "call-1")));
            assertThat(answer.at("/error/type").stringValue()).isEqualTo("invalid_request_error");
            assertThat(answer.at("/error/message").stringValue()).isEqualTo(e.getMessage());
            assertThat(answer.at("/error/code").stringValue()).isEqualTo("invalid_request");
        });
    }

    @Test
    void whateverTheBodyTheRequestIsReadOrRefused() {
        long seed = 20_260_103;
        int read = 0;
        for (int i = 0; i < 6000; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            boolean openAi = random.nextBoolean();
            List<String> wires = openAi ? OpenAiWire.REQUESTS : AnthropicWire.REQUESTS;
            JsonNode tree = Json.read(wires.get(random.nextInt(wires.size())));
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                mutate(tree, random);
            }
            byte[] body = Json.bytes(tree);
            try {
                ServerDialect server = openAi ? new OpenAiServer() : new AnthropicServer();
                DecodedRequest decoded = server.decodeRequest(body);
                read++;
                sendOn(decoded);
            } catch (InvalidRequestException e) {
                assertThat(e.failure().category()).isEqualTo(Category.INVALID_REQUEST);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + (seed + i) + ": " + new String(body, StandardCharsets.UTF_8), e);
            }
        }
        assertThat(read).isBetween(500, 5500);
    }

    /** What was read can be sent to any target, or is refused as something that the target cannot take. */
    private static void sendOn(DecodedRequest decoded) {
        for (Dialect target : List.of(
                new OpenAiDialect(OpenAiQuirks.OPENAI, Decoding.errors()), new AnthropicDialect(Decoding.errors()))) {
            try {
                Json.read(target.encode(decoded.request(), decoded.model(), decoded.stream())
                        .body());
            } catch (ProviderException e) {
                assertThat(e.failure().rule()).isEqualTo("request.not_carried");
            }
        }
    }

    private static void mutate(JsonNode tree, SplittableRandom random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(tree, containers);
        JsonNode chosen = containers.get(random.nextInt(containers.size()));
        JsonNode value = value(random);
        if (chosen instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = List.copyOf(object.propertyNames());
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        } else if (chosen instanceof ArrayNode array) {
            array.insert(random.nextInt(array.size() + 1), value);
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static JsonNode value(SplittableRandom random) {
        String[] values = {
            "null",
            "0",
            "-1",
            "1e999",
            "123456789012345678901234567890",
            "true",
            "\"\"",
            "\"text\"",
            "\"function\"",
            "[]",
            "{}",
            "[[]]",
            "[{}]",
            "[null]",
            "{\"type\":\"text\"}",
            "{\"type\":\"tool_result\",\"tool_use_id\":\"t\"}",
            "{\"type\":null}",
            "{\"@form\":\"list\"}",
            "{\"role\":\"assistant\"}"
        };
        return Json.read(values[random.nextInt(values.length)]);
    }
}
