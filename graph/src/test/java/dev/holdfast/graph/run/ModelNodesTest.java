// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import static dev.holdfast.graph.run.VirtualRuns.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Goal;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.NodeSpecBuilder;
import dev.holdfast.graph.checkpoint.MemoryCheckpointStore;
import dev.holdfast.graph.event.GraphEvent;
import dev.holdfast.graph.node.GraphTool;
import dev.holdfast.graph.node.Judge;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that ask models and people, over a guarded mock in virtual time. */
class ModelNodesTest {
    private final VirtualRuns runs = new VirtualRuns();
    private final Holdfast engine = Holdfast.builder()
            .config(ResilienceConfig.defaults())
            .time(runs.time, runs.time)
            .executor(runs.time)
            .random(runs.time)
            .build();
    private MockProvider mock;

    @AfterEach
    void everythingIsBack() {
        Conservation.assertAllReturned(engine);
    }

    private void answers(MockAnswer... answers) {
        mock = MockProvider.builder()
                .answers(answers)
                .time(runs.time, runs.time, runs.time)
                .build();
        runs.builder.llm(Llm.builder().provider(mock).holdfast(engine).build());
    }

    private static Graph one(NodeSpecBuilder node) {
        return Graph.builder("g")
                .goal(Goal.of("goal", "Essays", "Write well."))
                .node(node)
                .build();
    }

    private static NodeSpecBuilder write() {
        return NodeSpec.llm("write", "Write about {topic} as {\"draft\": \"…\"}.")
                .inputs("topic")
                .outputs("draft");
    }

    private GraphTool search(List<String> keys) {
        return new GraphTool(new ToolDefinition("search", "finds", "{\"type\":\"object\"}"), call -> {
            keys.add(call.key());
            return CompletableFuture.completedFuture("found for " + call.argumentsJson());
        });
    }

    private static MockAnswer output(String key, String value) {
        return MockAnswer.toolCall("set_output", "{\"key\": \"" + key + "\", \"value\": \"" + value + "\"}");
    }

    private static String lastText(LlmRequest request) {
        Message last = request.messages().get(request.messages().size() - 1);
        return last.content().get(0) instanceof Content.Text text
                ? text.text()
                : last.content().toString();
    }

    @Test
    void answerBecomesTheOutputAndItsTokensAreCounted() {
        answers(MockAnswer.text("Here: ```json\n{\"draft\": \"waves\"}\n```").withUsage(Usage.of(30, 7)));

        GraphResult result = runs.run(one(write()), "topic", "tides");

        assertThat(result.output()).containsEntry("draft", "waves");
        assertThat(result.usage().inputTokens()).isEqualTo(30);
        assertThat(result.usage().outputTokens()).isEqualTo(7);
        LlmRequest request = mock.requests().get(0);
        assertThat(request.system())
                .contains("Write about tides as {\"draft\": \"…\"}.", "# Goal: Essays", "valid JSON object");
        assertThat(lastText(request)).isEqualTo("topic: tides");
        assertThat(request.maxTokens()).isEqualTo(1024);
    }

    @Test
    void missingKeyIsAFailureAndNeverFilledWithTheRawAnswer() {
        answers(MockAnswer.text("{\"message\": \"hi\"}"));

        GraphResult result = runs.run(one(write().outputs("message", "count")), "topic", "t");

        assertThat(result.error().message()).contains("Missing required output key: 'count'");
        assertThat(mock.calls()).isEqualTo(3);
    }

    @Test
    void proseIsAFailureWhereKeysAreOwed() {
        answers(MockAnswer.text("no JSON here"), MockAnswer.text("{\"draft\": \"d\"}"));

        GraphResult result = runs.run(one(write()), "topic", "t");

        assertThat(result.success()).isTrue();
        assertThat(result.attempts().get(0).message()).contains("Cannot parse JSON");
    }

    @Test
    void failureThatTheEngineExhaustedIsNotRepeatedByTheNode() {
        answers(MockAnswer.error(Category.OVERLOADED));

        GraphResult result = runs.run(one(write().maxRetries(5)), "topic", "t");

        assertThat(mock.calls()).isEqualTo(3);
        assertThat(result.attempts()).hasSize(1);
        assertThat(result.error().category()).isEqualTo(Category.OVERLOADED);
    }

    @Test
    void toolsAreRunAndTheirResultsGoBack() {
        List<String> keys = new ArrayList<>();
        runs.builder.tool(search(keys));
        answers(MockAnswer.toolCall("search", "{\"q\": 1}"), MockAnswer.text("{\"draft\": \"d\"}"));

        GraphResult result = runs.run(one(
                NodeSpec.builder("use", NodeSpec.LLM_TOOL_USE).tools("search").outputs("draft")));

        assertThat(result.success()).isTrue();
        assertThat(keys).hasSize(1);
        assertThat(mock.requests().get(1).messages().get(2).role()).isEqualTo(Message.Role.TOOL);
    }

    @Test
    void toolThatNobodyRegisteredStopsTheRunBeforeItBegins() {
        answers(MockAnswer.text("x"));

        GraphResult result = runs.run(one(
                NodeSpec.builder("use", NodeSpec.LLM_TOOL_USE).tools("search").outputs("draft")));

        assertThat(result.error().message()).contains("requires tools [search]", "Available tools: none");
        assertThat(mock.calls()).isZero();
        assertThat(result.steps()).isZero();
    }

    @Test
    void eventLoopGoesOnUntilItsOutputsAreSet() {
        runs.builder.tool(search(new ArrayList<>()));
        answers(
                MockAnswer.toolCall("search", "{\"q\": 1}"),
                MockAnswer.text("I have found something."),
                output("draft", "done"));

        GraphResult result = runs.run(one(
                NodeSpec.builder("loop", NodeSpec.EVENT_LOOP).tools("search").outputs("draft")));

        assertThat(result.output()).containsEntry("draft", "done");
        assertThat(mock.calls()).isEqualTo(3);
        assertThat(lastText(mock.requests().get(2))).contains("[Judge feedback]", "draft", "set_output");
    }

    @Test
    void outputsKeepTheTypeThatTheirTextHas() {
        answers(output("count", "5"));

        assertThat(runs.run(one(NodeSpec.builder("loop", NodeSpec.EVENT_LOOP).outputs("count")))
                        .output())
                .containsEntry("count", 5L);
    }

    @Test
    void loopThatSaysTheSameThreeTimesHasStalled() {
        answers(MockAnswer.text("hm"));

        GraphResult result =
                runs.run(one(NodeSpec.builder("loop", NodeSpec.EVENT_LOOP).outputs("draft")));

        assertThat(result.error().message()).contains("Node stalled: 3 consecutive identical responses");
        assertThat(result.attempts()).hasSize(1);
        assertThat(mock.calls()).isEqualTo(3);
    }

    @Test
    void judgeDecidesWhenTheLoopIsDone() {
        int[] asked = new int[1];
        runs.builder.judge(turn -> CompletableFuture.completedFuture(
                asked[0]++ == 0 ? Judge.Verdict.retry("more depth") : Judge.Verdict.accept()));
        answers(output("draft", "one"), output("draft", "two"));

        GraphResult result =
                runs.run(one(NodeSpec.builder("loop", NodeSpec.EVENT_LOOP).outputs("draft")));

        assertThat(result.output()).containsEntry("draft", "two");
        assertThat(lastText(mock.requests().get(1))).isEqualTo("[Judge feedback]: more depth");
    }

    @Test
    void personIsAskedAndAnswers() {
        runs.builder.interaction(question -> CompletableFuture.completedFuture("tides, please"));
        answers(MockAnswer.text("What topic?"), output("topic", "tides"));

        GraphResult result = runs.run(one(
                NodeSpec.builder("talk", NodeSpec.EVENT_LOOP).clientFacing(true).outputs("topic")));

        assertThat(result.output()).containsEntry("topic", "tides");
        assertThat(lastText(mock.requests().get(1))).isEqualTo("tides, please");
    }

    @Test
    void questionWithoutAPersonPausesTheRunAndTheConversationIsKept() {
        runs.builder.store(new MemoryCheckpointStore());
        answers(MockAnswer.text("What topic?"), output("topic", "tides"));
        Graph graph = one(
                NodeSpec.builder("talk", NodeSpec.EVENT_LOOP).clientFacing(true).outputs("topic"));

        GraphResult paused = runs.run(graph);
        GraphResult resumed = runs.resume(graph, paused.run(), "answer", "tides, please");

        assertThat(paused.stopReason()).isEqualTo(StopReason.PAUSED);
        assertThat(paused.pausedAt()).containsExactly("talk");
        assertThat(resumed.output()).containsEntry("topic", "tides");
        assertThat(resumed.path()).containsExactly("talk");
        assertThat(mock.requests().get(1).messages()).hasSize(3);
        assertThat(resumed.usage().inputTokens()).isEqualTo(20);
    }

    @Test
    void humanInputWaitsForItsAnswer() {
        runs.builder.store(new MemoryCheckpointStore());
        Graph graph = one(NodeSpec.builder("ask", NodeSpec.HUMAN_INPUT).outputs("approved"));

        GraphResult paused = runs.run(graph);
        GraphResult resumed = runs.resume(graph, paused.run(), "approved", true);

        assertThat(paused.stopReason()).isEqualTo(StopReason.PAUSED);
        assertThat(resumed.stopReason()).isEqualTo(StopReason.NO_EDGE);
        assertThat(resumed.output()).containsEntry("approved", true);
    }

    @Test
    void failedTurnIsMadeAgainWithTheSameConversation() {
        answers(MockAnswer.text("first thoughts"), MockAnswer.error(Category.INVALID_REQUEST), output("draft", "done"));
        Graph graph = one(NodeSpec.builder("loop", NodeSpec.EVENT_LOOP).outputs("draft"));
        runs.builder.store(new MemoryCheckpointStore());

        GraphResult failed = runs.run(graph);

        assertThat(failed.error().category()).isEqualTo(Category.INVALID_REQUEST);
        assertThat(mock.calls()).isEqualTo(2);
        assertThat(runs.resume(graph, failed.run()).output()).containsEntry("draft", "done");
    }

    @Test
    void edgeIsDecidedByOneCallAndOnlyABooleanTrueIsAYes() {
        Map<String, String> answers = Map.of(
                "{\"proceed\": true, \"n\": {\"deep\": 1}}", "[a, b]",
                "{\"proceed\": \"true\"}", "[a]",
                "prose", "[a]",
                "{\"proceed\": false}", "[a]");
        answers.forEach((answer, path) -> {
            VirtualRuns each = new VirtualRuns();
            MockProvider decider = MockProvider.builder()
                    .answers(MockAnswer.text(answer).withUsage(Usage.of(3, 2)))
                    .time(each.time, each.time, each.time)
                    .build();
            each.builder.llm(Llm.builder()
                    .provider(decider)
                    .holdfast(Holdfast.builder()
                            .time(each.time, each.time)
                            .executor(each.time)
                            .build())
                    .build());
            each.node("a", map("x", 1)).node("b", map());

            GraphResult result = each.run(Graph.builder("g")
                    .node(NodeSpec.builder("a", "made"))
                    .node(NodeSpec.builder("b", "made"))
                    .edge(EdgeSpec.llmDecides("a", "b", "when it is good"))
                    .build());

            assertThat(result.path()).as(answer).hasToString(path);
            assertThat(decider.calls()).isEqualTo(1);
            assertThat(result.usage().totalTokens()).isEqualTo(5);
            boolean isBoolean = answer.contains(": true") || answer.contains(": false");
            assertThat(each.events(GraphEvent.EdgeProblem.class)).hasSize(isBoolean ? 0 : 1);
        });
    }

    @Test
    void decisionThatCannotBeHadFailsTheStep() {
        answers(MockAnswer.error(Category.AUTH));
        runs.node("a", map("x", 1)).node("b", map());

        GraphResult result = runs.run(Graph.builder("g")
                .node(NodeSpec.builder("a", "made"))
                .node(NodeSpec.builder("b", "made"))
                .edge(EdgeSpec.llmDecides("a", "b", ""))
                .build());

        assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
        assertThat(result.error().category()).isEqualTo(Category.AUTH);
    }

    @Test
    void routerFindsItsWayByValueAndByModel() {
        answers(MockAnswer.text("{\"chosen\": \"error\"}"));
        Map<String, String> routes = Map.of("success", "good", "error", "bad", "default", "other");
        for (Map.Entry<Object, String> each : Map.<Object, String>of(true, "good", "an error came", "bad", 7, "other")
                .entrySet()) {
            assertThat(runs.run(
                                    routing(NodeSpec.builder("r", NodeSpec.ROUTER)
                                            .routes(routes)),
                                    "route_on",
                                    each.getKey())
                            .path())
                    .containsExactly("r", each.getValue());
        }
        assertThat(runs.run(routing(NodeSpec.builder("r", NodeSpec.ROUTER)
                                .routes(routes)
                                .systemPrompt("Choose.")))
                        .path())
                .containsExactly("r", "bad");
    }

    private Graph routing(NodeSpecBuilder router) {
        var graph = Graph.builder("g").node(router);
        for (String target : List.of("good", "bad", "other")) {
            runs.node(target, map());
            graph.node(NodeSpec.builder(target, "made")).edge(EdgeSpec.onSuccess("r", target));
        }
        return graph.build();
    }

    @Test
    void functionReadsTheMemoryByItsKeysAndItsObjectIsSpread() {
        runs.builder.function(
                "add",
                context -> Map.of(
                        "sum",
                        (Long) context.inputs().get("a")
                                + (Long) context.inputs().get("b"),
                        "extra",
                        "kept out"));
        runs.node("a", map("a", 1)).node("b", map("b", 2));

        GraphResult result = runs.run(Graph.builder("g")
                .node(NodeSpec.builder("a", "made"))
                .node(NodeSpec.builder("b", "made"))
                .node(NodeSpec.function("add")
                        .inputs("a", "b")
                        .outputs("sum", "more")
                        .nullableOutputs("more"))
                .edge(EdgeSpec.onSuccess("a", "b"))
                .edge(EdgeSpec.onSuccess("b", "add"))
                .build());

        assertThat(result.output()).containsEntry("sum", 3L).doesNotContainKey("extra");
        assertThat(runs.executor().run(one(NodeSpec.function("nobody").outputs("x")), Map.of()))
                .satisfies(future ->
                        assertThat(runs.finished(future).error().message()).contains("not registered"));
    }

    private static final Map<String, Object> TICKET = Map.of(
            "type", "object",
            "properties",
                    Map.of(
                            "category", Map.of("type", "string"),
                            "priority", Map.of("type", "integer", "minimum", 1, "maximum", 5),
                            "summary", Map.of("type", "string", "minLength", 10)),
            "required", List.of("category", "priority", "summary"));

    private static NodeSpecBuilder ticket() {
        return NodeSpec.llm("ticket", "Sort the ticket.")
                .outputs("category", "priority", "summary")
                .outputSchema(TICKET);
    }

    @Test
    void answerThatMissesItsSchemaIsCorrectedWithinTheAttempt() {
        answers(
                MockAnswer.text("{\"category\": \"X\", \"priority\": 10, \"summary\": \"short\"}"),
                MockAnswer.text("{\"category\": \"X\", \"priority\": 3, \"summary\": \"long enough now\"}"));

        GraphResult result = runs.run(one(ticket()));

        assertThat(result.output()).containsEntry("priority", 3L);
        assertThat(result.quality()).isEqualTo(Quality.CLEAN);
        assertThat(result.usage().inputTokens()).isEqualTo(20);
        assertThat(mock.requests().get(1).messages()).hasSize(3);
        assertThat(lastText(mock.requests().get(1)))
                .contains(
                        "validation errors",
                        "ERRORS:",
                        "priority: must be at most 5",
                        "EXPECTED SCHEMA:",
                        "valid JSON");
    }

    @Test
    void correctionsAreBoundedAndTheNodeThenFails() {
        answers(MockAnswer.text("{\"category\": \"X\", \"summary\": \"long enough now\", \"priority\": 0}"));

        GraphResult result = runs.run(one(ticket().maxRetries(1).maxValidationRetries(2)));

        assertThat(mock.calls()).isEqualTo(3);
        assertThat(result.error().message()).contains("Output validation failed", "priority: must be at least 1");
        assertThat(result.error().category()).isEqualTo(Category.INVALID_OUTPUT);
    }

    @Test
    void cutAnswersAreAskedForAgainInFewerWords() {
        mock = null;
        List<LlmRequest> asked = new ArrayList<>();
        dev.holdfast.llm.LlmProvider cutting = new CuttingProvider(asked, 2, "{\"draft\": \"d\"}");
        runs.builder.llm(Llm.builder().provider(cutting).holdfast(engine).build());

        GraphResult result = runs.run(one(write()), "topic", "t");

        assertThat(result.output()).containsEntry("draft", "d");
        assertThat(asked).extracting(request -> request.messages().size()).containsExactly(1, 3, 3);
    }

    /** Cuts its first answers off at the token limit. */
    private record CuttingProvider(List<LlmRequest> asked, int cuts, String answer)
            implements dev.holdfast.llm.LlmProvider {
        @Override
        public CompletableFuture<dev.holdfast.llm.LlmResponse> complete(LlmRequest request) {
            asked.add(request);
            boolean cut = asked.size() <= cuts;
            return CompletableFuture.completedFuture(new dev.holdfast.llm.LlmResponse(
                    "id",
                    "cutting",
                    List.of(new Content.Text(cut ? "{\"draft\": \"d" : answer)),
                    cut ? dev.holdfast.llm.FinishReason.LENGTH : dev.holdfast.llm.FinishReason.STOP,
                    Usage.NONE,
                    null));
        }

        @Override
        public java.util.concurrent.Flow.Publisher<dev.holdfast.llm.StreamEvent> stream(LlmRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public dev.holdfast.target.Target target() {
            return dev.holdfast.target.Target.of("cutting/model");
        }
    }
}
