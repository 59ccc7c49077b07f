// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.CallReport;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An answer of a model. Immutable; {@code toString} never shows what was said.
 *
 * @param id the provider's id of the answer; empty when it gave none
 * @param model the model that answered, in the provider's words; empty when it did not say
 * @param content the parts of the answer in order: text, tool calls, reasoning, parts of one dialect
 * @param finishReason why the model stopped
 * @param usage tokens of this answer
 * @param raw the response body as received; null for an answer put together from a stream
 * @param report the attempts of the call; null where no engine guarded it
 * @param extra further fields of the answer that only one dialect knows, for example OpenAI's {@code system_fingerprint},
 *     {@code logprobs} and further choices
 * @param translation the translation report: what the request, or this answer, states and the other side's dialect cannot
 *     say; empty when nothing was lost
 */
public record LlmResponse(
        String id,
        String model,
        List<Content> content,
        FinishReason finishReason,
        Usage usage,
        @Nullable String raw,
        @Nullable CallReport report,
        Extra extra,
        List<TranslationNote> translation) {

    public LlmResponse(
            String id,
            String model,
            List<Content> content,
            FinishReason finishReason,
            Usage usage,
            @Nullable String raw) {
        this(id, model, content, finishReason, usage, raw, null);
    }

    public LlmResponse(
            String id,
            String model,
            List<Content> content,
            FinishReason finishReason,
            Usage usage,
            @Nullable String raw,
            @Nullable CallReport report) {
        this(id, model, content, finishReason, usage, raw, report, Extra.NONE, List.of());
    }

    public LlmResponse {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(finishReason, "finishReason");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(extra, "extra");
        content = List.copyOf(content);
        translation = List.copyOf(translation);
    }

    public LlmResponse withReport(CallReport newReport) {
        return new LlmResponse(id, model, content, finishReason, usage, raw, newReport, extra, translation);
    }

    public LlmResponse withUsage(Usage newUsage) {
        return new LlmResponse(id, model, content, finishReason, newUsage, raw, report, extra, translation);
    }

    public LlmResponse withExtra(Extra newExtra) {
        return new LlmResponse(id, model, content, finishReason, usage, raw, report, newExtra, translation);
    }

    public LlmResponse withTranslation(List<TranslationNote> newTranslation) {
        return new LlmResponse(id, model, content, finishReason, usage, raw, report, extra, newTranslation);
    }

    /** All text of the answer, joined; empty when it has none. */
    public String text() {
        if (content.size() == 1 && content.get(0) instanceof Content.Text text) {
            return text.text();
        }
        return content.stream()
                .filter(Content.Text.class::isInstance)
                .map(part -> ((Content.Text) part).text())
                .collect(Collectors.joining());
    }

    /** The tools that the model asks for, in its order. */
    public List<Content.ToolCall> toolCalls() {
        return content.stream()
                .filter(Content.ToolCall.class::isInstance)
                .map(Content.ToolCall.class::cast)
                .toList();
    }

    /** All readable reasoning, joined; empty when there is none. */
    public String reasoning() {
        return content.stream()
                .filter(Content.Reasoning.class::isInstance)
                .map(part -> ((Content.Reasoning) part).text())
                .collect(Collectors.joining());
    }

    /** The answer as a turn to put into the next request, reasoning and tool calls included. */
    public Message toMessage() {
        return new Message(Message.Role.ASSISTANT, content);
    }

    @Override
    public String toString() {
        return "LlmResponse[id=" + id + ", model=" + model + ", content=" + content + ", finishReason=" + finishReason
                + ", usage=" + usage + "]";
    }
}
