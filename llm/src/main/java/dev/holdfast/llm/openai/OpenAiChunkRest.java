// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Extra;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.dialect.Leftover;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gathers what the chunks of one answer hold that the model has no words for, as a whole answer would hold it: fields of
 * the chunk and of the message count as last told, lists grow. Not thread-safe.
 */
final class OpenAiChunkRest {
    private static final String LOGPROBS = "logprobs";

    private final ObjectNode top = Json.object();
    private final ObjectNode choice = Json.object();
    private final ObjectNode message = Json.object();

    /** Takes what is left of a chunk; the chunk is used up. How many characters it holds on to. */
    int chunk(ObjectNode chunk) {
        // The padding hides lengths on the way here and means nothing afterwards.
        chunk.remove(List.of("id", "object", "model", "choices", "obfuscation"));
        OpenAiResponseReader.usageRest(chunk);
        // A later chunk may count more, so that a zero told first must not stand in its way.
        if (chunk.get("usage") instanceof ObjectNode usage) {
            if (usage.get("prompt_tokens_details") instanceof ObjectNode input) {
                input.remove(List.of("cached_tokens", "cache_write_tokens"));
            }
            if (usage.get("completion_tokens_details") instanceof ObjectNode output) {
                output.remove("reasoning_tokens");
            }
            Leftover.nulls(usage);
        }
        Leftover.nulls(chunk);
        return add(top, chunk);
    }

    /** What stands beside the delta, to go with its text; the choice is used up. */
    Extra beside(ObjectNode chunkChoice) {
        chunkChoice.remove(List.of("index", "delta", "message", "finish_reason"));
        Leftover.nulls(chunkChoice);
        return Leftover.extra(OpenAiDialect.NAME, chunkChoice);
    }

    /** Takes what stood beside a delta. How many characters it holds on to. */
    int choice(Extra beside) {
        return beside.isEmpty() ? 0 : add(choice, Json.requireObject(beside.json(), "extra"));
    }

    /** Takes what is left of a delta; the delta is used up. How many characters it holds on to. */
    int delta(ObjectNode delta) {
        delta.remove(List.of("role", "content", "refusal", "reasoning_content", "reasoning", "tool_calls"));
        Leftover.nulls(delta);
        return add(message, delta);
    }

    /** The word that the server used, when it is not the one that we write. */
    void reason(String word, FinishReason reason) {
        choice.remove("finish_reason");
        if (!word.isEmpty() && !word.equals(OpenAiFields.word(reason))) {
            choice.put("finish_reason", word);
        }
    }

    Extra whole() {
        ObjectNode all = top.deepCopy();
        ObjectNode first = Json.object();
        if (!message.isEmpty()) {
            first.set("message", message.deepCopy());
        }
        first.setAll(choice.deepCopy());
        if (!first.isEmpty()) {
            all.putArray("choices").add(first);
        }
        return Leftover.extra(OpenAiDialect.NAME, all);
    }

    private static int add(ObjectNode target, ObjectNode added) {
        int chars = 0;
        for (Map.Entry<String, JsonNode> member : added.properties()) {
            JsonNode before = target.get(member.getKey());
            JsonNode value = member.getValue();
            if (value.equals(before) && !value.isContainer()) {
                continue; // told again with every chunk
            }
            if (member.getKey().equals(LOGPROBS) && before instanceof ObjectNode known) {
                appendLists(known, value);
            } else if (before instanceof ArrayNode list && value instanceof ArrayNode more) {
                list.addAll(more);
            } else {
                target.set(member.getKey(), value);
            }
            chars += Json.string(value).length();
        }
        return chars;
    }

    private static void appendLists(ObjectNode known, JsonNode added) {
        for (String list : List.of("content", "refusal")) {
            @Nullable JsonNode before = known.get(list);
            if (added.get(list) instanceof ArrayNode more) {
                if (before instanceof ArrayNode entries) {
                    entries.addAll(more);
                } else {
                    known.set(list, more);
                }
            }
        }
    }
}
