// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.AttemptReport;
import dev.holdfast.CallReport;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.preset.Prefill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Joins the parts of an answer that was interrupted and continued, so that its reader gets one: deltas as they come, and at
 * the end the whole text, the usage of all parts and all attempts. Events come one at a time; thread-safe beyond that.
 */
final class Seams {
    /** What a connection or a server does to a stream; not what a model says, nor what a caller decides. */
    private static final Set<Category> INTERRUPTIONS = Set.of(
            Category.STREAM_INTERRUPTED,
            Category.NETWORK,
            Category.TIMEOUT,
            Category.SERVER_ERROR,
            Category.OVERLOADED);

    private final LlmRequest request;

    // guarded by this
    private final StringBuilder text = new StringBuilder();
    private boolean onlyText = true;
    private boolean continued;
    /** Where the part that is arriving begins. */
    private int partStart;
    /** White space that was not handed back: targets refuse a beginning that ends with some, and may say it again. */
    private String unsaid = "";

    private Usage earlierUsage = Usage.NONE;
    private Usage usage = Usage.NONE;
    private final List<AttemptReport> earlierAttempts = new ArrayList<>();
    private Duration earlierElapsed = Duration.ZERO;
    private Duration earlierWaited = Duration.ZERO;

    Seams(LlmRequest request) {
        this.request = request;
    }

    /** The event as its reader is told it; null when there is nothing to tell. */
    synchronized @Nullable StreamEvent told(StreamEvent event) {
        if (event instanceof StreamEvent.TextDelta delta) {
            String fresh = fresh(delta.text());
            text.append(fresh);
            return fresh.isEmpty()
                    ? null
                    : fresh.length() == delta.text().length() ? delta : new StreamEvent.TextDelta(fresh);
        }
        if (event instanceof StreamEvent.UsageUpdate update) {
            usage = update.usage();
            return continued ? new StreamEvent.UsageUpdate(earlierUsage.plus(usage)) : event;
        }
        onlyText &= !event.isContent();
        if (!continued) {
            return event;
        }
        if (event instanceof StreamEvent.TextEnd) {
            return onlyText ? new StreamEvent.TextEnd(text.toString()) : event;
        }
        if (event instanceof StreamEvent.Finish finish) {
            return new StreamEvent.Finish(joined(finish.response()));
        }
        if (event instanceof StreamEvent.Error error) {
            return new StreamEvent.Error(error.failure(), text.toString(), report(error.report()));
        }
        return event;
    }

    /** Without the white space that the reader has got already. */
    private String fresh(String delta) {
        int same = 0;
        while (same < delta.length() && same < unsaid.length() && delta.charAt(same) == unsaid.charAt(same)) {
            same++;
        }
        unsaid = same == delta.length() ? unsaid.substring(same) : "";
        return delta.substring(same);
    }

    private LlmResponse joined(LlmResponse last) {
        List<Content> content = new ArrayList<>(last.content());
        String before = text.substring(0, partStart);
        int first = 0;
        while (first < content.size() && !(content.get(first) instanceof Content.Text)) {
            first++;
        }
        if (first < content.size() && onlyText) {
            content.set(first, new Content.Text(text.toString()));
        } else {
            content.add(0, new Content.Text(before));
        }
        return new LlmResponse(
                last.id(),
                last.model(),
                content,
                last.finishReason(),
                earlierUsage.plus(last.usage()),
                null,
                report(last.report()),
                last.extra(),
                last.translation());
    }

    private @Nullable CallReport report(@Nullable CallReport last) {
        if (last == null) {
            return null;
        }
        List<AttemptReport> all = new ArrayList<>(earlierAttempts);
        for (AttemptReport attempt : last.attempts()) {
            all.add(new AttemptReport(
                    all.size() + 1,
                    attempt.target(),
                    attempt.outcome(),
                    attempt.failure(),
                    attempt.waited(),
                    attempt.elapsed(),
                    attempt.maybeBilled(),
                    attempt.inputTokens(),
                    attempt.outputTokens(),
                    attempt.hedge()));
        }
        return new CallReport(
                last.callId(), all, earlierWaited.plus(last.waited()), earlierElapsed.plus(last.elapsed()));
    }

    /** How many attempts have been made, these included. */
    synchronized int attemptsWith(CallReport last) {
        return earlierAttempts.size() + last.attempts().size();
    }

    /** Whether what has arrived can be handed back, and the failure is an interruption. */
    synchronized boolean canContinueAfter(Failure failure) {
        List<Message> messages = request.messages();
        return onlyText
                && !text.toString().isBlank()
                && INTERRUPTIONS.contains(failure.category())
                && failure.scope() != RetryScope.NEVER
                && messages.get(messages.size() - 1).role() != Message.Role.ASSISTANT;
    }

    /** What is asked of a target that takes the beginning of its answer in that way. */
    synchronized LlmRequest continuation(Prefill style) {
        ObjectNode extra = Json.requireObject(request.extraJson(), "extraJson");
        extra.setAll(Json.requireObject(style.extraJson(), "extraJson"));
        return request.toBuilder()
                .message(Message.assistant(text.toString().stripTrailing()))
                .extraJson(Json.string(extra))
                .build();
    }

    /** The continuation has committed: from here on its events come. Returns how much text stands before. */
    synchronized int begin(@Nullable CallReport interrupted) {
        CallReport before = Objects.requireNonNull(report(interrupted), "a guarded stream has a report");
        earlierAttempts.clear();
        earlierAttempts.addAll(before.attempts());
        earlierWaited = before.waited();
        earlierElapsed = before.elapsed();
        earlierUsage = earlierUsage.plus(usage);
        usage = Usage.NONE;
        partStart = text.length();
        unsaid = text.substring(text.toString().stripTrailing().length());
        continued = true;
        return partStart;
    }

    /** The interruption stands: the continuation has failed, after these attempts. */
    synchronized StreamEvent.Error failed(StreamEvent.Error interruption, @Nullable CallReport continuation) {
        if (continuation == null || interruption.report() == null) {
            return interruption;
        }
        begin(interruption.report());
        return new StreamEvent.Error(interruption.failure(), text.toString(), report(continuation));
    }
}
