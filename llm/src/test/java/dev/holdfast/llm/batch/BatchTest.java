// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.Guarded;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of a batch. The answers are made up; what takes place on other threads has a time limit. */
@Timeout(120)
class BatchTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path temp;

    private Path in;
    private Path out;
    private Path journal;
    private final Holdfast engine = Holdfast.builder()
            .config(ResilienceConfig.defaults().withMaxAttempts(1))
            .build();

    @BeforeEach
    void name() {
        in = temp.resolve("in.jsonl");
        out = temp.resolve("out.jsonl");
        journal = temp.resolve("out.jsonl.journal");
    }

    @AfterEach
    void nothingIsLeft() {
        Conservation.awaitAllReturned(engine);
        engine.close();
    }

    private Batch batch(MockProvider provider) {
        return Batch.of(Llm.builder().provider(provider).holdfast(engine).build());
    }

    private static MockProvider echo() {
        return MockProvider.builder().build();
    }

    private BatchSummary run(MockProvider provider, String... lines) throws Exception {
        Files.writeString(in, String.join("\n", lines) + "\n");
        return batch(provider).run(in, out);
    }

    private List<JsonNode> results() throws IOException {
        return Files.readAllLines(out).stream().map(JSON::readTree).toList();
    }

    private void assertOnlyTheOutputIsLeft() {
        assertThat(temp.toFile().list()).containsExactlyInAnyOrder("in.jsonl", "out.jsonl");
    }

    // Lines.

    @Test
    void eachLineGivesOneWithTheseKeysInTheSameOrder() throws Exception {
        BatchSummary summary = run(
                echo(),
                "{\"id\":\"a\",\"prompt\":\"one\"}",
                "{\"id\":7,\"messages\":[{\"role\":\"user\",\"content\":\"two\"}]}",
                "{\"prompt\":\"three\"}");

        assertThat(summary).isEqualTo(new BatchSummary(3, 0, Map.of(), 0, 0, 0));
        assertThat(results()).extracting(line -> line.get("text").stringValue()).containsExactly("one", "two", "three");
        assertThat(results()).extracting(line -> line.get("id").toString()).containsExactly("\"a\"", "7", "3");
        assertThat(results().get(0).propertyNames())
                .contains("id", "ok", "text", "finish_reason", "usage", "target", "attempts");
        assertThat(results().get(0).at("/attempts/0/outcome").stringValue()).isEqualTo("success");
        assertThat(results().get(0).at("/usage/output_tokens").asInt()).isEqualTo(10);
        assertThat(results().get(0).path("target").stringValue()).isEqualTo("mock/model");
        assertOnlyTheOutputIsLeft();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":\"x\",\"prompt\":\"again\"} | \"x\" | already used by an earlier line",
                "{\"id\":2,\"prompt\":\"the next line's number\"} | 2 | ''",
                "not json | 2 | not JSON",
                "[] | 2 | not a JSON object",
                "'' | 2 | empty",
                "{\"id\":\"y\"} | \"y\" | nothing to ask",
                "{\"id\":\"y\",\"prompt\":7} | \"y\" | prompt must be a string",
                "{\"id\":\"y\",\"prompt\":\"a\",\"messages\":[]} | \"y\" | must be left out",
                "{\"id\":{},\"prompt\":\"a\"} | 2 | id must be",
                "{\"id\":\"y\",\"prompt\":\"a\",\"model\":\"no/where\"} | \"y\" | no models but its own",
                "{\"id\":\"y\",\"messages\":[{\"role\":\"nobody\"}]} | \"y\" | messages[0].role",
                "{\"id\":\"y\",\"prompt\":\"a\",\"max_tokens\":-1} | \"y\" | max_tokens",
                "{\"id\":\"y\",\"prompt\":\"a\",\"tool_choice\":\"maybe\",\"tools\":"
                        + "[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]} | \"y\" | tool_choice must be",
            })
    void aLineThatCannotBeAskedIsAnErrorLineAndTheRestGoesOn(String line, String id, String words) throws Exception {
        BatchSummary summary =
                run(echo(), "{\"id\":\"x\",\"prompt\":\"first\"}", line, "{\"id\":\"z\",\"prompt\":\"last\"}");

        JsonNode result = results().get(1);
        assertThat(results()).hasSize(3);
        assertThat(results().get(2).path("text").stringValue()).isEqualTo("last");
        assertThat(result.path("id").toString()).isEqualTo(id);
        if (!words.isEmpty()) {
            assertThat(result.path("ok").booleanValue()).isFalse();
            assertThat(result.path("line").asInt()).isEqualTo(2);
            assertThat(result.path("error").propertyNames())
                    .containsExactly("category", "retry", "retry_after_ms", "message");
            assertThat(result.at("/error/category").stringValue()).isEqualTo("invalid_request");
            assertThat(result.at("/error/retry").stringValue()).isEqualTo("never");
            assertThat(result.at("/error/message").stringValue()).contains(words);
            assertThat(summary.failed()).isEqualTo(1);
        }
    }

    @Test
    void aGivenIdThatIsALaterLinesNumberMakesThatLineADuplicate() throws Exception {
        run(echo(), "{\"id\":2,\"prompt\":\"a\"}", "{\"prompt\":\"b\"}", "{\"id\":\"2\",\"prompt\":\"c\"}");

        assertThat(results()).extracting(line -> line.path("ok").booleanValue()).containsExactly(true, false, true);
    }

    @Test
    void marksAndLineEndsOfOtherSystemsAreUnderstood() throws Exception {
        Files.writeString(in, "\uFEFF{\"prompt\":\"one\"}\r\n{\"prompt\":\"zwölf\"}");

        batch(echo()).run(in, out);

        assertThat(results())
                .extracting(line -> line.path("text").stringValue())
                .containsExactly("one", "zwölf");
    }

    @Test
    void anEmptyInputGivesAnEmptyOutput() throws Exception {
        Files.createFile(in);

        assertThat(batch(echo()).run(in, out).finished()).isZero();
        assertThat(out).isEmptyFile();
        assertOnlyTheOutputIsLeft();
    }

    @Test
    void chatCompletionsFieldsArePassedOn() throws Exception {
        MockProvider provider = echo();

        run(provider, """
            {"id":1,"messages":[{"role":"system","content":"be brief"},{"role":"user","content":[{"type":"text",\
            "text":"what is this?"},{"type":"image_url","image_url":{"url":"http://127.0.0.1/i.png"}}]},\
            {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":\
            {"name":"look","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"a cat"}],\
            "tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"},"strict":true}}],\
            "tool_choice":{"type":"function","function":{"name":"look"}},"max_tokens":9,"temperature":0.5,\
            "stop":["x","y"],"seed":3,"response_format":{"type":"json_object"},"stream":true,\
            "frequency_penalty":0.25,"metadata":{"team":"a"}}\
            """);

        LlmRequest request = provider.requests().get(0);
        assertThat(request.system()).isEqualTo("be brief");
        assertThat(request.messages())
                .extracting(Message::role)
                .containsExactly(Message.Role.USER, Message.Role.ASSISTANT, Message.Role.TOOL);
        assertThat(request.messages().get(0).content())
                .containsExactly(
                        new Content.Text("what is this?"), new Content.ImageUrl("http://127.0.0.1/i.png", null));
        assertThat(request.messages().get(1).content()).containsExactly(new Content.ToolCall("c1", "look", "{}"));
        assertThat(request.messages().get(2).content()).hasSize(1);
        assertThat(request.tools().get(0).strict()).isTrue();
        assertThat(request.toolChoice()).isEqualTo(ToolChoice.tool("look"));
        assertThat(request.maxTokens()).isEqualTo(9);
        assertThat(request.temperature()).isEqualTo(0.5);
        assertThat(request.stop()).containsExactly("x", "y");
        assertThat(request.seed()).isEqualTo(3);
        assertThat(request.responseFormat()).isEqualTo(ResponseFormat.JSON_OBJECT);
        assertThat(request.frequencyPenalty()).isEqualTo(0.25);
        assertThat(request.metadata()).containsExactly(Map.entry("team", "a"));
        assertThat(request.extra().toString()).doesNotContain("stream");
    }

    @Test
    void toolCallsAreInTheResult() throws Exception {
        run(MockProvider.of(MockAnswer.toolCall("look", "{\"at\":1}")), "{\"prompt\":\"look\"}");

        assertThat(results().get(0).path("finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(results().get(0).at("/tool_calls/0/function/arguments").stringValue())
                .isEqualTo("{\"at\":1}");
    }

    @Test
    void aLineMayNameItsModel() throws Exception {
        MockProvider other = MockProvider.builder().name("mock/other").build();
        Llm otherLlm = Llm.builder().provider(other).holdfast(engine).build();
        Files.writeString(
                in, "{\"prompt\":\"a\",\"model\":\"mock/other\"}\n{\"prompt\":\"b\",\"model\":\"no/where\"}\n");

        batch(echo())
                .withModels(name -> {
                    if (!name.equals("mock/other")) {
                        throw new ProviderConfigurationException("unknown provider 'no'");
                    }
                    return otherLlm;
                })
                .run(in, out);

        assertThat(results().get(0).path("target").stringValue()).isEqualTo("mock/other");
        assertThat(results().get(1).at("/error/message").stringValue()).isEqualTo("unknown provider 'no'");
    }

    @Test
    void aFailedCallIsAnErrorLineWithItsVerdict() throws Exception {
        BatchSummary summary = run(
                MockProvider.of(MockAnswer.error(Category.RATE_LIMIT, Duration.ofMillis(1500)), MockAnswer.text("ok")),
                "{\"id\":\"a\",\"prompt\":\"x\"}");

        JsonNode result = results().get(0);
        assertThat(result.propertyNames()).contains("id", "ok", "line", "error");
        assertThat(result.at("/error/category").stringValue()).isEqualTo("rate_limit");
        assertThat(result.at("/error/retry").stringValue()).isEqualTo("same_target");
        assertThat(result.at("/error/retry_after_ms").asInt()).isEqualTo(1500);
        assertThat(summary.failedByCategory()).containsExactly(Map.entry("rate_limit", 1L));
        assertThat(summary.ok()).isZero();
    }

    // Going on.

    @Test
    void whatIsFinishedIsNotAskedAgain() throws Exception {
        String[] lines = numbered(5);
        run(echo(), lines);
        String whole = Files.readString(out);
        MockProvider second = echo();

        BatchSummary summary = run(second, lines);

        assertThat(second.calls()).isZero();
        assertThat(summary.finished()).isEqualTo(5);
        assertThat(summary.earlier()).isEqualTo(5);
        assertThat(out).hasContent(whole.strip());
        assertOnlyTheOutputIsLeft();
    }

    @Test
    void resultsAreKnownAgainByLineNumbersAndByNumbersGivenAsIds() throws Exception {
        String[] lines = {"{\"prompt\":\"a\"}", "{\"id\":7,\"prompt\":\"b\"}", "{\"id\":1.5,\"prompt\":\"c\"}"};
        run(echo(), lines);
        MockProvider second = echo();

        BatchSummary summary = run(second, lines);

        assertThat(second.calls()).isZero();
        assertThat(summary.earlier()).isEqualTo(3);
    }

    @Test
    void aHalfWrittenLineIsCutOffAndAskedAgain() throws Exception {
        run(echo(), numbered(5));
        String whole = Files.readString(out);
        int thirdEnds = ordinalEnd(whole, 3);
        for (int cut : new int[] {1, 10, thirdEnds - 1, thirdEnds, thirdEnds + 1, whole.length() - 1}) {
            Files.writeString(out, whole.substring(0, cut));
            long kept = whole.substring(0, cut).chars().filter(c -> c == '\n').count();
            MockProvider again = echo();

            run(again, numbered(5));

            assertThat(again.calls()).as("cut at " + cut).isEqualTo((int) (5 - kept));
            assertThat(texts()).as("cut at " + cut).containsExactly("p1", "p2", "p3", "p4", "p5");
        }
    }

    @Test
    void resultsOfTheJournalAreTakenUpAndAHalfOneIsCutOff() throws Exception {
        run(echo(), numbered(5));
        List<String> whole = Files.readAllLines(out);
        Files.writeString(out, whole.get(0) + "\n");
        Files.writeString(
                journal,
                whole.get(4) + "\n" + whole.get(2) + "\n" + whole.get(3).substring(0, 30));
        MockProvider again = echo();

        BatchSummary summary = run(again, numbered(5));

        assertThat(again.calls()).isEqualTo(2);
        assertThat(summary.earlier()).isEqualTo(3);
        assertThat(texts()).containsExactly("p1", "p2", "p3", "p4", "p5");
        assertThat(Files.readAllLines(out).get(4)).isEqualTo(whole.get(4));
        assertOnlyTheOutputIsLeft();
    }

    @Test
    void resultsThatWaitForAnEarlierLineAreInTheJournal() throws Exception {
        MockProvider slowFirst =
                MockProvider.of(MockAnswer.silence(), MockAnswer.text("2"), MockAnswer.text("3"), MockAnswer.text("4"));
        Files.writeString(in, String.join("\n", numbered(4)) + "\n");
        List<Long> finished = new ArrayList<>();
        Thread reader = Thread.currentThread();

        assertThatThrownBy(() -> batch(slowFirst)
                        .withProgress(now -> {
                            finished.add(now.finished());
                            if (now.finished() == 3) {
                                reader.interrupt();
                            }
                        })
                        .run(in, out))
                .isInstanceOf(InterruptedException.class);

        assertThat(finished).containsExactly(1L, 2L, 3L);
        assertThat(out).isEmptyFile();
        assertThat(Files.readAllLines(journal)).hasSize(3).allMatch(line -> line.startsWith("{\"id\":"));
        MockProvider again = MockProvider.of(MockAnswer.text("1"));
        assertThat(batch(again).run(in, out).madeAgain()).isEqualTo(1);
        assertThat(again.calls()).isEqualTo(1);
        assertThat(texts()).containsExactly("1", "2", "3", "4");
        assertOnlyTheOutputIsLeft();
    }

    @Test
    void linesThatWereAddedToTheInputAreAskedToo() throws Exception {
        run(echo(), numbered(2));

        run(echo(), numbered(4));

        assertThat(texts()).containsExactly("p1", "p2", "p3", "p4");
    }

    // Error lines again.

    @Test
    void errorLinesStandUntilTheyAreToBeRepeated() throws Exception {
        run(
                MockProvider.of(MockAnswer.text("1"), MockAnswer.error(Category.SERVER_ERROR), MockAnswer.text("3")),
                numbered(3));
        assertThat(results().get(1).path("ok").booleanValue()).isFalse();
        MockProvider second = echo();

        BatchSummary left = run(second, numbered(3));
        assertThat(second.calls()).isZero();
        assertThat(left.failed()).isEqualTo(1);

        BatchSummary repeated = batch(second).withRetryFailed(true).run(in, out);
        assertThat(second.calls()).isEqualTo(1);
        assertThat(repeated.failed()).isZero();
        assertThat(texts()).containsExactly("1", "p2", "3");
        assertOnlyTheOutputIsLeft();
    }

    @Test
    void aRepeatThatIsBrokenOffLosesNoAnswer() throws Exception {
        MockAnswer[] answers = IntStream.rangeClosed(1, 9)
                .mapToObj(n -> n % 3 == 2 ? MockAnswer.error(Category.SERVER_ERROR) : MockAnswer.text("old" + n))
                .toArray(MockAnswer[]::new);
        run(MockProvider.of(answers), numbered(9));
        Thread runner = Thread.currentThread();
        assertThatThrownBy(() -> batch(MockProvider.of(MockAnswer.silence(), MockAnswer.text("new")))
                        .withRetryFailed(true)
                        .withConcurrency(2)
                        .withProgress(now -> runner.interrupt())
                        .run(in, out))
                .isInstanceOf(InterruptedException.class);

        MockProvider third = MockProvider.of(MockAnswer.text("third"));
        BatchSummary summary = batch(third).run(in, out);

        assertThat(third.calls()).isBetween(1, 2);
        assertThat(summary.failed()).isZero();
        assertThat(texts())
                .hasSize(9)
                .filteredOn(text -> text.startsWith("old"))
                .containsExactly("old1", "old3", "old4", "old6", "old7", "old9");
    }

    // Refusals, before anything is changed.

    @ParameterizedTest
    @ValueSource(
            strings = {"notes of mine", "notes of mine\nand more\n", "{\"id\":\"a\"}\n", "{\"id\":1,\"ok\":true}\nx\ny"
            })
    void aFileThatIsNoOutputIsLeftAlone(String content) throws Exception {
        Files.writeString(out, content);

        assertThatThrownBy(() -> run(echo(), numbered(2)))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("no result of a batch");

        assertThat(out).hasContent(content);
    }

    @Test
    void theOutputOfAnotherInputIsLeftAlone() throws Exception {
        run(echo(), numbered(3));
        String whole = Files.readString(out);
        MockProvider never = echo();

        assertThatThrownBy(() -> run(never, "{\"id\":\"else\",\"prompt\":\"x\"}", "{\"prompt\":\"y\"}"))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("another input");
        assertThatThrownBy(() -> run(never, numbered(2)))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("more lines");

        assertThat(never.calls()).isZero();
        assertThat(out).hasContent(whole.strip());
    }

    @Test
    void twoBatchesDoNotWriteToOneOutput() throws Exception {
        Files.writeString(in, "{\"prompt\":\"x\"}\n");
        try (FileChannel held = FileChannel.open(out, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            held.lock();

            assertThatThrownBy(() -> batch(echo()).run(in, out))
                    .isInstanceOf(BatchException.class)
                    .hasMessageContaining("another batch");
        }
    }

    @Test
    void pathsThatCannotWorkAreSaidBeforehand() throws Exception {
        Files.writeString(in, "{\"prompt\":\"x\"}\n");

        assertRefused(temp.resolve("nowhere"), out, "cannot read");
        assertRefused(temp, out, "cannot read");
        assertRefused(in, in, "overwrite its input");
        assertRefused(in, temp, "is a directory");
        assertRefused(in, temp.resolve("no/out"), "there is no directory");
    }

    private void assertRefused(Path from, Path to, String words) {
        assertThatThrownBy(() -> batch(echo()).run(from, to))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining(words);
    }

    // Calls.

    @Test
    void noMoreCallsRunThanAllowed() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Files.writeString(in, String.join("\n", numbered(40)) + "\n");
            List<Integer> running = new ArrayList<>();

            Batch.of(guarded.llm("sim/ttft=20"))
                    .withConcurrency(4)
                    .withProgress(now -> {
                        running.add(now.running());
                        // one that is over here may not have been counted out there yet
                        assertThat(guarded.simulator.stats().open()).isLessThanOrEqualTo(2 * 4);
                    })
                    .run(in, out);

            assertThat(running).hasSize(40).allMatch(count -> count <= 4).contains(3);
            assertThat(guarded.requests()).isEqualTo(40);
        }
    }

    @Test
    void anAnswerThatBreaksOffIsAskedForAgainBecauseNobodySawIt() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Files.writeString(in, "{\"prompt\":\"x\"}\n");

            BatchSummary summary = Batch.of(guarded.llm("sim/cut", "sim/ok")).run(in, out);

            assertThat(summary.failed()).isZero();
            assertThat(summary.retries()).isEqualTo(1);
            assertThat(results().get(0).at("/attempts/0/category").stringValue())
                    .isEqualTo("stream_interrupted");
        }
    }

    private List<String> texts() throws IOException {
        return results().stream().map(line -> line.path("text").asString()).toList();
    }

    private static String[] numbered(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> "{\"id\":\"i" + n + "\",\"prompt\":\"p" + n + "\"}")
                .toArray(String[]::new);
    }

    private static int ordinalEnd(String text, int lines) {
        int end = 0;
        for (int i = 0; i < lines; i++) {
            end = text.indexOf('\n', end) + 1;
        }
        return end;
    }
}
