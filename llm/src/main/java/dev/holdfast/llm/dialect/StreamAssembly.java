// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.transport.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a streamed answer together and tells it as {@link StreamEvent}s: what every dialect has in common. Bounded: an
 * answer that outgrows the limit fails. For one stream; not thread-safe.
 */
public final class StreamAssembly {
    /** What an entry costs beside its characters, so that a flood of empty ones is bounded too. */
    private static final int ENTRY_CHARS = 64;

    private final ResponseHead head;
    private final ErrorReader errors;
    private final Consumer<? super StreamEvent> sink;

    private final List<Content> parts = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final ToolDrafts tools = new ToolDrafts();
    private int textStart;
    private @Nullable String signature;
    private String id = "";
    private String model = "";
    private Usage usage = Usage.NONE;
    private Supplier<Extra> extra = () -> Extra.NONE;
    private @Nullable FinishReason finishReason;
    private long heldChars;
    private boolean contentStarted;
    private boolean contentSeen;
    private boolean terminated;

    public StreamAssembly(ResponseHead head, ErrorReader errors, Consumer<? super StreamEvent> sink) {
        this.head = head;
        this.errors = errors;
        this.sink = sink;
    }

    /** Who answers; empty values leave what is known. */
    public void begin(String newId, String newModel) {
        id = newId.isEmpty() ? id : newId;
        model = newModel.isEmpty() ? model : newModel;
    }

    /** The next piece of text, with what only its dialect says about it. */
    public void text(String delta, Extra extra) {
        if (delta.isEmpty() || !reserve(delta.length() + extra.json().length())) {
            return;
        }
        endReasoning();
        text.append(delta);
        emit(new StreamEvent.TextDelta(delta, extra));
    }

    public void endText() {
        endText(Extra.NONE);
    }

    /** A run of text is over, with what only its dialect says about all of it. */
    public void endText(Extra extra) {
        if (text.length() > textStart && !terminated) {
            String run = text.substring(textStart);
            textStart = text.length();
            parts.add(new Content.Text(run, extra));
            emit(new StreamEvent.TextEnd(run, extra));
        }
    }

    /** The next piece of readable reasoning. */
    public void reasoning(String delta) {
        if (delta.isEmpty() || !reserve(delta.length())) {
            return;
        }
        endText();
        reasoning.append(delta);
        emit(new StreamEvent.ReasoningDelta(delta));
    }

    /** The provider's proof of the reasoning that is arriving. */
    public void reasoningSignature(String value) {
        if (!value.isEmpty() && reserve(value.length())) {
            signature = signature == null ? value : signature + value;
        }
    }

    /** A run of reasoning is over. */
    public void endReasoning() {
        if (reasoning.length() > 0 || signature != null) {
            Content.Reasoning whole = new Content.Reasoning(reasoning.toString(), signature, null);
            parts.add(whole);
            reasoning.setLength(0);
            signature = null;
            emit(new StreamEvent.ReasoningEnd(whole));
        }
    }

    /** A part that comes at once: encrypted reasoning, blocks of one dialect. */
    public void part(Content part, int chars) {
        if (reserve(chars + ENTRY_CHARS)) {
            endText();
            endReasoning();
            parts.add(part);
            emit(
                    part instanceof Content.Reasoning redacted
                            ? new StreamEvent.ReasoningEnd(redacted)
                            : new StreamEvent.PartComplete((Content.Other) part));
        }
    }

    /** Who knows, when the answer is whole, what only its dialect says about it; at most once. */
    public void extraFrom(Supplier<Extra> source) {
        extra = source;
    }

    /**
     * The next piece of a tool call.
     *
     * @param index the call's place in the answer; negative when the server did not say: then an id begins a new call
     * @param extra what only its dialect says about the call
     */
    public void toolFragment(int index, String toolId, String name, String arguments, Extra extra) {
        int chars = toolId.length()
                + name.length()
                + arguments.length()
                + extra.json().length();
        if (!reserve(chars + (name.isEmpty() ? 0 : ENTRY_CHARS))) {
            return;
        }
        endText();
        endReasoning();
        contentStarted = true;
        tools.at(index, toolId, name).add(toolId, name, arguments, extra);
    }

    /** The tool call at this place is whole. */
    public void endTool(int index) {
        ToolDraft draft = tools.get(index);
        if (draft != null && draft.isWhole()) {
            tell(draft);
        }
    }

    /** Tokens counted so far. */
    public void usage(Usage counted) {
        usage = counted;
        emit(new StreamEvent.UsageUpdate(counted));
    }

    public Usage usage() {
        return usage;
    }

    /** Why the model stopped. */
    public void finishReason(FinishReason reason) {
        finishReason = reason;
    }

    /** The answer is whole: ends with a finish, or with an error when it holds nothing. */
    public void complete() {
        if (terminated) {
            return;
        }
        endText();
        endReasoning();
        FinishReason reason = finishReason == null ? FinishReason.OTHER : finishReason;
        for (ToolDraft draft : tools.all()) {
            // Half a call is no call; the finish reason says that something is missing.
            if (!reason.isCut() || draft.isWhole()) {
                tell(draft);
            }
        }
        if (terminated) {
            return;
        }
        if (reason == FinishReason.STOP && !tools.all().isEmpty()) {
            reason = FinishReason.TOOL_CALLS;
        }
        Failure nothing = Answers.failureIfEmpty(parts, reason);
        if (nothing != null) {
            fail(nothing);
        } else {
            terminate(new StreamEvent.Finish(
                    new LlmResponse(id, model, parts, reason, usage, null).withExtra(extra.get())));
        }
    }

    /** The provider reported an error inside the stream. */
    public void errorEvent(String payload) {
        fail(errors.inStream(head, payload, contentSeen));
    }

    /** An event that the dialect cannot read: perhaps an error in some form of its own, otherwise an interruption. */
    public void malformed(String payload) {
        fail(errors.malformed(head, payload, contentSeen));
    }

    /** The stream ended too early. */
    public void interrupted(String how) {
        fail(Failure.of(Category.STREAM_INTERRUPTED, "stream.cut", how));
    }

    /** The stream ended as it should and held nothing. */
    public void empty() {
        fail(ErrorReader.emptyFailure());
    }

    /** Whether an event that is content was handed over. */
    public boolean contentSeen() {
        return contentSeen;
    }

    /** Whether content has begun to arrive, a piece of a tool call included. */
    public boolean contentStarted() {
        return contentStarted;
    }

    boolean isTerminated() {
        return terminated;
    }

    boolean toolCallStarted() {
        return !tools.all().isEmpty();
    }

    String textSoFar() {
        return text.toString();
    }

    void tooLarge() {
        fail(errors.tooLargeFailure());
    }

    void fail(Throwable error, boolean whole, boolean sent) {
        if (!terminated) {
            fail(errors.thrown(error, head, contentSeen, sent), whole);
        }
    }

    void fail(Failure failure, boolean whole) {
        if (whole) {
            complete();
        } else {
            fail(failure);
        }
    }

    private void tell(ToolDraft draft) {
        if (draft.isDone() || terminated) {
            return;
        }
        draft.markDone();
        if (!draft.hasName()) {
            malformed("{a tool call without a name}");
            return;
        }
        Content.ToolCall call = draft.toCall(tools.all().indexOf(draft));
        parts.add(call);
        emit(new StreamEvent.ToolCallComplete(call));
    }

    /** Counts what a dialect holds by itself towards the limit; false when the stream is over, perhaps by this. */
    public boolean reserve(int chars) {
        heldChars += chars;
        if (heldChars > errors.limits().responseBytes()) {
            tooLarge();
        }
        return !terminated;
    }

    private void fail(Failure failure) {
        terminate(new StreamEvent.Error(failure, text.toString()));
    }

    private void terminate(StreamEvent last) {
        if (!terminated) {
            terminated = true;
            sink.accept(last);
        }
    }

    private void emit(StreamEvent event) {
        if (!terminated) {
            contentStarted |= event.isContent();
            contentSeen |= event.isContent();
            sink.accept(event);
        }
    }
}
