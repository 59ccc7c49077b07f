// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How providers write what the faults need: an answer of six words, its pieces, and errors. */
public enum Wire {
    /** OpenAI chat completions. */
    OPENAI {
        @Override
        String answer() {
            return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"" + TEXT + "\",\"refusal\":null},"
                    + "\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":6,\"total_tokens\":9}}";
        }

        @Override
        String opening() {
            return data(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
        }

        @Override
        String word(String word) {
            return data(chunk("{\"content\":\"" + word + "\"}", "null"));
        }

        @Override
        String closing() {
            return data(chunk("{}", "\"stop\"")) + data("[DONE]");
        }

        @Override
        String errorEvent() {
            return data(error("server_error", "The server had an error", "server_error")) + data("[DONE]");
        }

        @Override
        String error(int status, String message) {
            return error(status >= 500 ? "server_error" : "invalid_request_error", message, null);
        }

        @Override
        String contextLength() {
            return error(
                    "invalid_request_error",
                    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
                    "context_length_exceeded");
        }

        @Override
        String quota() {
            return error(
                    "insufficient_quota",
                    "You exceeded your current quota, please check your plan and billing details.",
                    "insufficient_quota");
        }

        @Override
        String rateLimit() {
            return error("requests", "Rate limit reached for requests", "rate_limit_exceeded");
        }

        private static String chunk(String delta, String finish) {
            return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finish + "}]}";
        }

        private static String error(String type, String message, @Nullable String code) {
            return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":"
                    + (code == null ? "null" : "\"" + code + "\"") + "}}";
        }

        private static String data(String json) {
            return "data: " + json + "\n\n";
        }
    },
    /** Anthropic messages. */
    ANTHROPIC {
        @Override
        String answer() {
            return "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\","
                    + "\"text\":\"" + TEXT + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":3,\"output_tokens\":6}}";
        }

        @Override
        String opening() {
            return event(
                            "message_start",
                            "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\","
                                    + "\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                                    + "\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}")
                    + event(
                            "content_block_start",
                            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
        }

        @Override
        String word(String word) {
            return event(
                    "content_block_delta",
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                            + word + "\"}}");
        }

        @Override
        String closing() {
            return event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
                    + event(
                            "message_delta",
                            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                    + "\"usage\":{\"output_tokens\":6}}")
                    + event("message_stop", "{\"type\":\"message_stop\"}");
        }

        @Override
        String errorEvent() {
            return event("error", typed("overloaded_error", "Overloaded"));
        }

        @Override
        String error(int status, String message) {
            return typed(status >= 500 ? "api_error" : "invalid_request_error", message);
        }

        @Override
        String contextLength() {
            return typed("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum");
        }

        @Override
        String quota() {
            return typed(
                    "invalid_request_error",
                    "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or"
                            + " purchase credits.");
        }

        @Override
        String rateLimit() {
            return typed("rate_limit_error", "This request would exceed your rate limit");
        }

        private static String typed(String type, String message) {
            return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\"}}";
        }

        private static String event(String name, String json) {
            return "event: " + name + "\ndata: " + json + "\n\n";
        }
    },
    /** Gemini's own API, which says the end of an answer in its last piece of content and has no marker behind it. */
    GEMINI {
        @Override
        String answer() {
            return candidate(TEXT, "STOP");
        }

        /** It begins with its first words. */
        @Override
        String opening() {
            return "";
        }

        @Override
        String word(String word) {
            return data(candidate(word, null));
        }

        @Override
        String closing() {
            return data(candidate("", "STOP"));
        }

        @Override
        String errorEvent() {
            return data(error(503, "The model is overloaded. Please try again later.", "UNAVAILABLE", ""));
        }

        @Override
        String error(int status, String message) {
            return error(status, message, status == 409 ? "ABORTED" : "INTERNAL", "");
        }

        @Override
        String contextLength() {
            return error(
                    400,
                    "The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).",
                    "INVALID_ARGUMENT",
                    "");
        }

        @Override
        String quota() {
            return error(
                    429,
                    "You exceeded your current quota, please check your plan and billing details.",
                    "RESOURCE_EXHAUSTED",
                    "{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[{\"quotaId\":"
                            + "\"GenerateRequestsPerDayPerProjectPerModel-FreeTier\",\"quotaValue\":\"250\"}]}");
        }

        @Override
        String rateLimit() {
            return error(429, "Resource has been exhausted (e.g. check quota).", "RESOURCE_EXHAUSTED", "");
        }

        private static String candidate(String text, @Nullable String finish) {
            return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text + "\"}],\"role\":\"model\"},"
                    + (finish == null ? "" : "\"finishReason\":\"" + finish + "\",") + "\"index\":0}],"
                    + "\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":6,\"totalTokenCount\":9},"
                    + "\"modelVersion\":\"m\",\"responseId\":\"r\"}";
        }

        private static String error(int code, String message, String status, String details) {
            return "{\"error\":{\"code\":" + code + ",\"message\":\"" + message + "\",\"status\":\"" + status
                    + "\",\"details\":[" + details + "]}}";
        }

        private static String data(String json) {
            return "data: " + json + "\n\n";
        }
    };

    static final List<String> WORDS = List.of("one ", "two ", "three ", "four ", "five ", "six");

    /** What a whole answer says. */
    public static final String TEXT = String.join("", WORDS);

    abstract String answer();

    abstract String opening();

    abstract String word(String word);

    abstract String closing();

    abstract String errorEvent();

    abstract String error(int status, String message);

    abstract String contextLength();

    abstract String quota();

    abstract String rateLimit();

    /** The status of {@link #quota}. */
    int quotaStatus() {
        return this == ANTHROPIC ? 400 : 429;
    }
}
