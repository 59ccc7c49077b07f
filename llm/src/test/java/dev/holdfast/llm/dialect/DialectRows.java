// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page on dialects has a line for: a feature as a client of either dialect asks for it, as members to put into the
 * smallest request or answer. Where it is carried, the word MARK of it arrives.
 */
final class DialectRows {
    /**
     * @param openAi members in OpenAI's form; null where it has none
     * @param anthropic members in Anthropic's form; null where it has none
     */
    record Row(
            String feature,
            @Nullable String openAi,
            @Nullable String anthropic) {}

    private static final String LOOK = "{\"type\":\"function\",\"function\":{\"name\":\"look\"%s}}";

    private DialectRows() {}

    private static String openAiTool(String more) {
        return "\"tools\":[" + LOOK.formatted(more) + "]";
    }

    private static String anthropicTool(String more) {
        return "\"tools\":[{\"name\":\"look\",\"input_schema\":{\"type\":\"object\"}" + more + "}]";
    }

    private static String openAiUser(String part) {
        return "\"messages\":[{\"role\":\"user\",\"content\":[" + part + "]}]";
    }

    private static String anthropicTurn(String role, String block) {
        return "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"" + role + "\",\"content\":[" + block
                + "]}]";
    }

    private static String openAiAssistant(String members) {
        return "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\"," + members + "}]";
    }

    static final List<Row> REQUESTS = List.of(
            new Row(
                    "system prompt",
                    "\"messages\":[{\"role\":\"system\",\"content\":\"MARK\"},{\"role\":\"user\",\"content\":\"Hi\"}]",
                    "\"system\":\"MARK\""),
            new Row(
                    "several system prompts",
                    "\"messages\":[{\"role\":\"system\",\"content\":\"a\"},{\"role\":\"developer\",\"content\":\"MARK\"},"
                            + "{\"role\":\"user\",\"content\":\"Hi\"}]",
                    "\"system\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"MARK\"}]"),
            new Row(
                    "system prompt between other messages",
                    "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"system\",\"content\":\"MARK\"}]",
                    null),
            new Row(
                    "text in several parts",
                    openAiUser("{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"MARK\"}"),
                    anthropicTurn("user", "{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"MARK\"}")),
            new Row(
                    "image by address",
                    openAiUser("{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://h.example/MARK\"}}"),
                    anthropicTurn(
                            "user",
                            "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://h.example/MARK\"}}")),
            new Row(
                    "image sent along",
                    openAiUser("{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,MARK\"}}"),
                    anthropicTurn(
                            "user",
                            "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"MARK\"}}")),
            new Row(
                    "detail of an image",
                    openAiUser(
                            "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://h.example\",\"detail\":\"low\"}}"),
                    null),
            new Row(
                    "audio, files, documents, search results",
                    openAiUser("{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}"),
                    anthropicTurn("user", "{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\":\"f\"}}")),
            new Row(
                    "cache_control",
                    null,
                    anthropicTurn(
                            "user", "{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"ephemeral\"}}")),
            new Row(
                    "name of a speaker",
                    "\"messages\":[{\"role\":\"user\",\"name\":\"ann\",\"content\":\"Hi\"}]",
                    null),
            new Row(
                    "tool call of an earlier turn",
                    openAiAssistant(
                            "\"tool_calls\":[{\"id\":\"MARK\",\"type\":\"function\",\"function\":{\"name\":\"look\","
                                    + "\"arguments\":\"{}\"}}]"),
                    anthropicTurn(
                            "assistant", "{\"type\":\"tool_use\",\"id\":\"MARK\",\"name\":\"look\",\"input\":{}}")),
            new Row(
                    "arguments of a tool call that are no JSON object",
                    openAiAssistant(
                            "\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"look\","
                                    + "\"arguments\":\"half\"}}]"),
                    null),
            new Row(
                    "text after a tool call",
                    null,
                    anthropicTurn(
                            "assistant",
                            "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"look\",\"input\":{}},"
                                    + "{\"type\":\"text\",\"text\":\"MARK\"}")),
            new Row(
                    "tool result",
                    "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"tool\",\"tool_call_id\":\"t\","
                            + "\"content\":\"MARK\"}]",
                    anthropicTurn("user", "{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"MARK\"}")),
            new Row(
                    "tool result marked as an error",
                    null,
                    anthropicTurn(
                            "user",
                            "{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"is_error\":true,\"content\":\"MARK\"}")),
            new Row(
                    "image in a tool result",
                    null,
                    anthropicTurn(
                            "user",
                            "{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":[{\"type\":\"image\",\"source\":"
                                    + "{\"type\":\"url\",\"url\":\"https://h.example/MARK\"}}]}")),
            new Row(
                    "reasoning of an earlier turn (OpenAI: servers that take it back)",
                    openAiAssistant("\"reasoning_content\":\"hm\",\"content\":\"a\""),
                    anthropicTurn(
                            "assistant",
                            "{\"type\":\"thinking\",\"thinking\":\"MARK\",\"signature\":\"s\"},{\"type\":\"text\",\"text\":\"a\"}")),
            new Row(
                    "encrypted reasoning of an earlier turn",
                    null,
                    anthropicTurn(
                            "assistant",
                            "{\"type\":\"redacted_thinking\",\"data\":\"enc\"},{\"type\":\"text\",\"text\":\"a\"}")),
            new Row(
                    "tools with their JSON Schema",
                    openAiTool(",\"parameters\":{\"$defs\":{\"MARK\":{}}}"),
                    "\"tools\":[{\"name\":\"look\",\"input_schema\":{\"$defs\":{\"MARK\":{}}}}]"),
            new Row(
                    "strict tools",
                    openAiTool(",\"strict\":true,\"description\":\"MARK\""),
                    anthropicTool(",\"strict\":true,\"description\":\"MARK\"")),
            new Row(
                    "tools of another kind (custom, server tools)",
                    "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"g\"}}]",
                    "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]"),
            new Row(
                    "tool choice auto",
                    openAiTool(",\"description\":\"MARK\"") + ",\"tool_choice\":\"auto\"",
                    anthropicTool(",\"description\":\"MARK\"") + ",\"tool_choice\":{\"type\":\"auto\"}"),
            new Row(
                    "tool choice none",
                    openAiTool(",\"description\":\"MARK\"") + ",\"tool_choice\":\"none\"",
                    anthropicTool(",\"description\":\"MARK\"") + ",\"tool_choice\":{\"type\":\"none\"}"),
            new Row(
                    "tool choice required",
                    openAiTool(",\"description\":\"MARK\"") + ",\"tool_choice\":\"required\"",
                    anthropicTool(",\"description\":\"MARK\"") + ",\"tool_choice\":{\"type\":\"any\"}"),
            new Row(
                    "one tool by its name",
                    openAiTool("") + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"MARK\"}}",
                    anthropicTool("") + ",\"tool_choice\":{\"type\":\"tool\",\"name\":\"MARK\"}"),
            new Row(
                    "one tool call at a time",
                    openAiTool(",\"description\":\"MARK\"") + ",\"tool_choice\":\"auto\",\"parallel_tool_calls\":false",
                    anthropicTool(",\"description\":\"MARK\"")
                            + ",\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true}"),
            new Row("some JSON object as answer", "\"response_format\":{\"type\":\"json_object\"}", null),
            new Row(
                    "answer that meets a JSON Schema",
                    "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"response\",\"strict\":true,"
                            + "\"schema\":{\"title\":\"MARK\"}}}",
                    "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"title\":\"MARK\"}}}"),
            new Row(
                    "name of that schema",
                    "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"bill\",\"strict\":true,"
                            + "\"schema\":{}}}",
                    null),
            new Row(
                    "schema that is not strict",
                    "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"response\",\"schema\":{}}}",
                    null),
            new Row("token limit", "\"max_completion_tokens\":77", null),
            new Row(
                    "temperature up to 1",
                    "\"temperature\":0.5,\"user\":\"MARK\"",
                    "\"temperature\":0.5,\"metadata\":{\"user_id\":\"MARK\"}"),
            new Row("temperature above 1", "\"temperature\":1.5", null),
            new Row("top_p", "\"top_p\":0.5,\"user\":\"MARK\"", "\"top_p\":0.5,\"metadata\":{\"user_id\":\"MARK\"}"),
            new Row("top_k (OpenAI: servers that know it)", "\"top_k\":5", "\"top_k\":5"),
            new Row("stop sequences", "\"stop\":[\"MARK\"]", "\"stop_sequences\":[\"MARK\"]"),
            new Row("seed", "\"seed\":1", null),
            new Row("frequency and presence penalty", "\"presence_penalty\":1", null),
            new Row("logit_bias", "\"logit_bias\":{\"1\":5}", null),
            new Row("several answers", "\"n\":2", null),
            new Row("logprobs", "\"logprobs\":true", null),
            new Row("id of the user", "\"user\":\"MARK\"", "\"metadata\":{\"user_id\":\"MARK\"}"),
            new Row("labels", "\"metadata\":{\"team\":\"a\"}", null),
            new Row(
                    "how much to reason",
                    "\"reasoning_effort\":\"low\"",
                    "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}"),
            new Row("any other field", "\"x_new\":1", "\"x_new\":1"));

    static final List<Row> ANSWERS = List.of(
            new Row("text", message("\"content\":\"MARK\""), block("{\"type\":\"text\",\"text\":\"MARK\"}")),
            new Row(
                    "text in several blocks",
                    null,
                    block("{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"MARK\"}")),
            new Row(
                    "tool calls",
                    message("\"tool_calls\":[{\"id\":\"MARK\",\"type\":\"function\",\"function\":{\"name\":\"a\","
                            + "\"arguments\":\"{}\"}}]"),
                    block("{\"type\":\"tool_use\",\"id\":\"MARK\",\"name\":\"a\",\"input\":{}}")),
            new Row(
                    "arguments that are no JSON object",
                    message("\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"a\","
                            + "\"arguments\":\"MARK\"}}]"),
                    null),
            new Row(
                    "text after a tool call",
                    null,
                    block("{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"a\",\"input\":{}},"
                            + "{\"type\":\"text\",\"text\":\"MARK\"}")),
            new Row(
                    "reasoning",
                    message("\"content\":\"a\",\"reasoning_content\":\"MARK\""),
                    block("{\"type\":\"thinking\",\"thinking\":\"MARK\"},{\"type\":\"text\",\"text\":\"a\"}")),
            new Row(
                    "signature of reasoning",
                    null,
                    block(
                            "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"s\"},{\"type\":\"text\",\"text\":\"a\"}")),
            new Row(
                    "encrypted reasoning",
                    null,
                    block("{\"type\":\"redacted_thinking\",\"data\":\"e\"},{\"type\":\"text\",\"text\":\"a\"}")),
            new Row("refusal", message("\"content\":null,\"refusal\":\"MARK\""), null),
            new Row(
                    "blocks of server tools",
                    null,
                    block(
                            "{\"type\":\"server_tool_use\",\"id\":\"s\",\"input\":{}},{\"type\":\"text\",\"text\":\"a\"}")),
            new Row(
                    "citations, annotations",
                    message("\"content\":\"a\",\"annotations\":[{\"type\":\"url_citation\"}]"),
                    block("{\"type\":\"text\",\"text\":\"a\",\"citations\":[{\"cited_text\":\"x\"}]}")),
            new Row(
                    "logprobs",
                    "\"choices\":[{\"message\":{\"content\":\"a\"},\"logprobs\":{\"content\":[{\"token\":\"a\"}]},"
                            + "\"finish_reason\":\"stop\"}]",
                    null),
            new Row(
                    "further answers",
                    "\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"},"
                            + "{\"index\":1,\"message\":{\"content\":\"b\"}}]",
                    null),
            new Row(
                    "stop sequence that was met",
                    null,
                    "\"content\":[{\"type\":\"text\",\"text\":\"a\"}],\"stop_reason\":\"stop_sequence\",\"stop_sequence\":\"X\""),
            new Row(
                    "stop reason without a counterpart",
                    null,
                    "\"content\":[{\"type\":\"text\",\"text\":\"a\"}],\"stop_reason\":\"pause_turn\""),
            new Row(
                    "tokens of input, output and cache",
                    message("\"content\":\"MARK\"") + ",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,"
                            + "\"prompt_tokens_details\":{\"cached_tokens\":4}}",
                    block("{\"type\":\"text\",\"text\":\"MARK\"}")
                            + ",\"usage\":{\"input_tokens\":9,\"output_tokens\":3," + "\"cache_read_input_tokens\":4}"),
            new Row(
                    "tokens of reasoning",
                    message("\"content\":\"a\"") + ",\"usage\":{\"completion_tokens\":3,"
                            + "\"completion_tokens_details\":{\"reasoning_tokens\":2}}",
                    null),
            new Row(
                    "system_fingerprint, service_tier, created",
                    message("\"content\":\"a\"") + ",\"system_fingerprint\":\"f\"",
                    null),
            new Row(
                    "any other field",
                    message("\"content\":\"a\"") + ",\"x_new\":1",
                    block("{\"type\":\"text\",\"text\":\"a\"}") + ",\"x_new\":1"));

    private static String message(String members) {
        return "\"choices\":[{\"message\":{" + members + "},\"finish_reason\":\"stop\"}]";
    }

    private static String block(String blocks) {
        return "\"content\":[" + blocks + "],\"stop_reason\":\"end_turn\"";
    }
}
