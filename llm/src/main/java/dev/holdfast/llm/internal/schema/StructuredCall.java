// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import dev.holdfast.CallException;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.internal.Futures;
import dev.holdfast.llm.structured.InvalidOutputException;
import dev.holdfast.llm.structured.OutputAttempt;
import dev.holdfast.llm.structured.SchemaProblem;
import dev.holdfast.llm.structured.StructuredAnswer;
import dev.holdfast.llm.structured.StructuredConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks until an answer is valid, each time by one guarded call that does its own retries: what that call could not get is not
 * asked for again here. An invalid answer goes back to the model with what is wrong with it; one that was cut is asked for
 * again with more room. One step at a time, so its state needs no lock.
 */
public final class StructuredCall<T> {
    private static final int LEAST_GROWTH = 500;
    private static final int UNKNOWN_LIMIT = 1024;

    /** What a provider says to a token limit that is larger than it allows. */
    private static final Set<Category> NO_MORE_ROOM =
            Set.of(Category.INVALID_REQUEST, Category.CONTEXT_LENGTH, Category.REQUEST_TOO_LARGE);

    private final TypedSchema<T> schema;
    private final StructuredConfig config;
    private final Asking asking;
    private final CompletableFuture<StructuredAnswer<T>> result = new CompletableFuture<>();
    private final Futures.Running running = new Futures.Running(result);
    private final List<OutputAttempt> attempts = new ArrayList<>();
    private Usage usage = Usage.NONE;

    private StructuredCall(TypedSchema<T> schema, StructuredConfig config, Asking asking) {
        this.schema = schema;
        this.config = config;
        this.asking = asking;
    }

    public static <T> CompletableFuture<StructuredAnswer<T>> start(
            LlmRequest request, TypedSchema<T> schema, StructuredConfig config, Asking asking) {
        StructuredCall<T> call = new StructuredCall<>(schema, config, asking);
        call.ask(call.shaped(request));
        return call.result;
    }

    private LlmRequest shaped(LlmRequest request) {
        if (config.mode() == StructuredConfig.Mode.PROMPTED || !schema.isForObjects()) {
            return SchemaPrompt.inWords(request, schema.json()).withResponseFormat(ResponseFormat.TEXT);
        }
        return request.withResponseFormat(
                new ResponseFormat.JsonSchema(schema.name(), schema.json(), schema.isStrict()));
    }

    private void ask(LlmRequest request) {
        running.follow(asking.ask(request)).whenComplete((asked, error) -> {
            if (error != null) {
                failed(Futures.unwrapped(error));
            } else {
                judge(asked);
            }
        });
    }

    private void failed(Throwable error) {
        boolean afterACut = !attempts.isEmpty() && isCut(last().response());
        if (afterACut && error instanceof CallException refused && NO_MORE_ROOM.contains(refused.category())) {
            fail(truncated("the target takes no larger limit"), refused);
        } else {
            result.completeExceptionally(error);
        }
    }

    private OutputAttempt last() {
        return attempts.get(attempts.size() - 1);
    }

    private static boolean isCut(LlmResponse response) {
        return response.finishReason() == FinishReason.LENGTH;
    }

    private void judge(Asking.Asked asked) {
        LlmResponse response = asked.response();
        usage = usage.plus(asked.usage());
        TypedSchema.Outcome<T> outcome;
        try {
            outcome = schema.readText(response.text());
        } catch (Throwable e) {
            // The code of the type itself is broken, not the answer.
            result.completeExceptionally(e);
            return;
        }
        boolean cut = isCut(response);
        List<SchemaProblem> problems = cut ? List.of() : outcome.problems();
        attempts.add(new OutputAttempt(response, problems, asked.request().maxTokens()));
        if (outcome.isValid() && (!cut || config.allowTruncated())) {
            result.complete(new StructuredAnswer<>(Objects.requireNonNull(outcome.value()), attempts, usage));
        } else if (response.finishReason() == FinishReason.CONTENT_FILTER) {
            fail(
                    Failure.of(Category.CONTENT_FILTER, "output.content_filter", "a content policy ended the answer"),
                    null);
        } else if (cut) {
            again(grown(asked), truncated(attemptsMade()));
        } else {
            again(corrected(asked, problems), invalid(problems));
        }
    }

    private void again(@Nullable LlmRequest request, Failure otherwise) {
        if (request == null || attempts.size() >= config.maxAttempts()) {
            fail(otherwise, null);
        } else if (!result.isDone()) {
            ask(request);
        }
    }

    /** With twice the room, or 500 tokens more where that is more; null when there is no more to be had. */
    private @Nullable LlmRequest grown(Asking.Asked asked) {
        Integer stated = asked.request().maxTokens();
        long used = asked.response().usage().outputTokens();
        long current = stated != null ? stated : used > 0 ? used : UNKNOWN_LIMIT;
        long next = Math.min(Math.max(2 * current, current + LEAST_GROWTH), config.maxTokensLimit());
        return next <= current ? null : asked.request().withMaxTokens((int) next);
    }

    private LlmRequest corrected(Asking.Asked asked, List<SchemaProblem> problems) {
        List<Message> messages = new ArrayList<>(asked.request().messages());
        String text = asked.response().text();
        if (!text.isEmpty()) {
            messages.add(Message.assistant(text));
        }
        messages.add(Message.user(feedback(problems)));
        return asked.request().withMessages(messages);
    }

    private String feedback(List<SchemaProblem> problems) {
        String list =
                problems.stream().map(problem -> "- " + problem.describe()).collect(Collectors.joining("\n"));
        return "The answer has validation errors.\n\nERRORS:\n" + list + "\n\nEXPECTED SCHEMA: " + schema.name() + "\n"
                + schema.json()
                + "\n\nFix all errors, give every required property, and answer with the whole valid JSON"
                + " and nothing else.";
    }

    private Failure invalid(List<SchemaProblem> problems) {
        return failure("output.invalid", schema.safely(problems) + " " + attemptsMade());
    }

    private Failure truncated(String why) {
        return failure("output.truncated", "the token limit cut the answer (" + why + ")");
    }

    private String attemptsMade() {
        return "after " + attempts.size() + (attempts.size() == 1 ? " attempt" : " attempts");
    }

    /** Asking the same again has been tried; another target may do better. */
    private Failure failure(String rule, String what) {
        return Failure.of(Category.INVALID_OUTPUT, rule, "no valid " + schema.name() + ": " + what)
                .withScope(RetryScope.OTHER_TARGET);
    }

    private void fail(Failure failure, @Nullable Throwable cause) {
        result.completeExceptionally(new InvalidOutputException(failure, attempts, usage, cause));
    }
}
