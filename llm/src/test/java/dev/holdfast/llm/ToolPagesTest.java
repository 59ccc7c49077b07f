// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.PageSnippets;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import dev.holdfast.llm.structured.InvalidOutputException;
import dev.holdfast.llm.structured.StructuredAnswer;
import dev.holdfast.llm.structured.StructuredConfig;
import dev.holdfast.llm.tool.Tool;
import dev.holdfast.llm.tool.ToolAnswer;
import dev.holdfast.llm.tool.ToolLoopException;
import dev.holdfast.retry.Backoff;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.time.VirtualTime;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The code of the pages about tools, structured output, embeddings and testing, run against mocks and the simulator. */
@Timeout(120)
class ToolPagesTest {
    record Place(String city) {}

    record Transfer(String iban, BigDecimal amount) {
        Transfer {
            if (amount.signum() <= 0) {
                throw new IllegalArgumentException("the amount must be positive");
            }
        }
    }

    private final ResilienceConfig noWaits =
            ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(1)));
    private final Tool weather =
            Tool.of("weather", "Tells the weather of a city", Place.class, place -> "rain in " + place.city());
    private final List<String> printed = new ArrayList<>();
    private @Nullable LlmRequest later;

    private void print(String line) {
        printed.add(line);
    }

    private Llm mocked(MockAnswer... answers) {
        return Llm.builder()
                .provider(MockProvider.of(answers))
                .resilience(noWaits)
                .build();
    }

    private static String find(String argumentsJson) {
        return "found: " + argumentsJson;
    }

    private static final class Shop {
        final List<String> orders = new ArrayList<>();

        CompletableFuture<String> orderOnce(String key, String what) {
            orders.add(key + " " + what);
            return CompletableFuture.completedFuture("ordered");
        }
    }

    // docs/tools.md

    @Test
    void aToolFromARecord() {
        Llm llm = mocked(MockAnswer.toolCall("weather", "{\"city\":\"London\"}"), MockAnswer.text("Take one."));

        record Place(String city) {}

        Tool weather =
                Tool.of("weather", "Tells the weather of a city", Place.class, place -> "rain in " + place.city());

        ToolAnswer answer = llm.withTools(weather)
                .complete("Do I need an umbrella in London?")
                .join();
        print(answer.text());
        print(answer.turns().size() + " turns, " + answer.usage().totalTokens() + " tokens");

        assertThat(printed).containsExactly("Take one.", "2 turns, 40 tokens");
    }

    @Test
    void otherFormsOfTools() {
        Shop shop = new Shop();

        Tool search = Tool.of("search", "Searches the manual", """
                {"type": "object", "properties": {"words": {"type": "string", "minLength": 2}}, "required": ["words"]}""", input -> find(input.argumentsJson()));

        Tool order = Tool.async(
                        "order", "Orders a part", """
                {"type": "object", "properties": {"part": {"type": "string"}}, "required": ["part"]}""", input -> shop.orderOnce(input.id(), input.argumentsJson())
                                .thenApply(input::result))
                .withTimeout(Duration.ofSeconds(20));

        Llm llm = mocked(
                MockAnswer.toolCalls(
                        new Content.ToolCall("a", "search", "{\"words\":\"bolt\"}"),
                        new Content.ToolCall("b", "order", "{\"part\":\"bolt\"}")),
                MockAnswer.text("done"));
        ToolAnswer answer =
                llm.withTools(search, order).complete("A bolt, please").join();
        assertThat(answer.turns().get(0).results())
                .extracting(Content.ToolResult::error)
                .containsExactly(false, false);
        assertThat(shop.orders).containsExactly("b {\"part\":\"bolt\"}");
    }

    @Test
    void whenThereIsNoAnswer() {
        Llm llm = mocked(MockAnswer.toolCall("weather", "{\"city\":\"London\"}"));

        try {
            llm.withTools(weather).withMaxTurns(3).blocking().complete("Umbrella?");
        } catch (ToolLoopException e) {
            print(e.category() + " after " + e.turns().size() + " turns");
            later = e.conversation();
        }

        assertThat(printed).containsExactly("invalid_output after 3 turns");
        assertThat(later.messages()).hasSize(5);
    }

    @Test
    void asAStream() {
        Llm llm = mocked(MockAnswer.toolCall("weather", "{\"city\":\"London\"}"), MockAnswer.text("Take ", "one."));

        try (EventStream events = llm.withTools(weather).blocking().stream("Umbrella?")) {
            for (StreamEvent event : events) {
                if (event instanceof StreamEvent.TextDelta delta) {
                    print(delta.text());
                }
            }
        }

        assertThat(printed).containsExactly("Take ", "one.");
    }

    @Test
    void anObjectInTheEnd() {
        Llm llm = mocked(
                MockAnswer.toolCall("weather", "{\"city\":\"London\"}"),
                MockAnswer.text("{\"umbrella\":true,\"reason\":\"rain\"}"));

        record Advice(boolean umbrella, String reason) {}

        StructuredAnswer<Advice> advice = llm.withTools(weather)
                .complete(LlmRequest.of("Umbrella?"), Advice.class)
                .join();

        assertThat(advice.value().umbrella()).isTrue();
    }

    // docs/structured-output.md

    @Test
    void anInvoice() {
        Llm llm = mocked(MockAnswer.derivedFromRequest());

        record Line(String article, int count) {}
        record Invoice(
                String number,
                LocalDate due,
                List<Line> lines,
                @Nullable String note) {}

        StructuredAnswer<Invoice> answer =
                llm.complete("Read this invoice: …", Invoice.class).join();
        print(answer.value().lines().size() + " lines, " + answer.attempts().size() + " attempts");

        assertThat(printed).containsExactly("1 lines, 1 attempts");
    }

    @Test
    void whenItIsWrong() {
        Llm llm = mocked(MockAnswer.text("{\"iban\":\"DE1\",\"amount\":-20}"));

        StructuredConfig config = StructuredConfig.DEFAULTS.withMaxAttempts(2).withMaxTokensLimit(8_000);
        try {
            llm.structured(config).blocking().complete("Pay 20 euros", Transfer.class);
        } catch (InvalidOutputException e) {
            print(e.getMessage()); // names of the schema, no words of the answer
            print(e.problems().get(0).describe()); // may hold words of the answer
            print(e.response().text()); // what the model wrote
        }

        assertThat(printed)
                .containsExactly(
                        "invalid_output: no valid Transfer: type-refused after 2 attempts",
                        "the amount must be positive",
                        "{\"iban\":\"DE1\",\"amount\":-20}");
    }

    @Test
    void aSchemaInsteadOfAType() {
        Llm llm = mocked(MockAnswer.text("Of course: [\"rope\", \"anchor\"]"));

        String schema = """
                {"type": "array", "items": {"type": "string", "maxLength": 20}, "maxItems": 5}""";
        StructuredAnswer<String> keywords = llm.completeJson(LlmRequest.of("Keywords of this text: …"), schema)
                .join();
        print(keywords.value()); // JSON

        assertThat(printed).containsExactly("[\"rope\",\"anchor\"]");
    }

    // docs/embeddings.md

    @Test
    void embeddings() throws IOException {
        try (Simulator simulator = Simulator.start(SimulatorOptions.defaults())) {
            String address = simulator.baseUri().toString();

            Llm llm = Llm.builder().targets("sim/ok").baseUrl("sim", address).build();

            EmbeddingResponse response = llm.embed(List.of("a cat", "a dog")).join();
            float[] cat = response.vector(0);
            print(cat.length + " numbers, " + response.usage().inputTokens() + " tokens");

            EmbeddingRequest small = EmbeddingRequest.of(List.of("a cat"))
                    .withDimensions(16)
                    .withEncoding(EmbeddingRequest.Encoding.BASE64);
            print(llm.blocking().embed(small).dimensions() + " numbers");

            assertThat(printed).hasSize(2).contains("16 numbers");
        }
    }

    // docs/testing.md

    @Test
    void aScript() {
        MockProvider mock = MockProvider.of(
                MockAnswer.error(Category.OVERLOADED),
                MockAnswer.toolCall("weather", "{\"city\": \"London\"}"),
                MockAnswer.text("Take an umbrella."));
        Llm llm = Llm.builder().provider(mock).resilience(noWaits).build();

        ToolAnswer answer = llm.withTools(weather).complete("London?").join();

        assertThat(answer.text()).isEqualTo("Take an umbrella.");
        assertThat(mock.calls()).isEqualTo(3);
        assertThat(mock.requests().get(2).messages()).hasSize(3); // question, tool call, result
    }

    @Test
    void answersThatDependOnTheQuestion() {
        MockProvider mock = MockProvider.builder()
                .answering(request -> request.maxTokens() != null && request.maxTokens() > 1000
                        ? MockAnswer.text("{\"city\": \"London\"}")
                        : MockAnswer.truncated("{\"city\": \"Lon"))
                .build();
        Llm llm = Llm.builder().provider(mock).resilience(noWaits).build();

        assertThat(llm.complete("Where?", Place.class).join().value()).isEqualTo(new Place("London"));
    }

    @Test
    void hoursInMilliseconds() {
        VirtualTime time = new VirtualTime(1);
        MockProvider mock = MockProvider.builder()
                .answers(MockAnswer.error(Category.RATE_LIMIT, Duration.ofMinutes(2)), MockAnswer.text("Hello"))
                .time(time, time, time)
                .build();
        Holdfast engine =
                Holdfast.builder().time(time, time).executor(time).random(time).build();
        Llm llm = Llm.builder().provider(mock).holdfast(engine).build();

        CompletableFuture<LlmResponse> answer = llm.complete("Hi");
        time.advance(Duration.ofMinutes(3));

        assertThat(answer.join().text()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @CsvSource({"tools,5", "structured-output,4", "embeddings,1", "testing,3"})
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everySnippetOfThePagesRunsHere(String page, int pieces) throws IOException {
        PageSnippets.assertRun("docs/" + page + ".md", pieces, "llm/src/test/java/dev/holdfast/llm/ToolPagesTest.java");
    }
}
