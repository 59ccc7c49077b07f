// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import java.util.LinkedHashMap;
import java.util.Map;

/** Errors from which something can be learnt about judging errors, and what each is. */
final class Instructive {
    /** By the id in the corpus, in the order of the page. */
    static final Map<String, String> CASES = cases();

    private Instructive() {}

    private static Map<String, String> cases() {
        Map<String, String> cases = new LinkedHashMap<>();
        cases.put("openai-009-quota_exhausted", "429, but the account has no credit: it stays so until somebody pays");
        cases.put(
                "openai-008-request_too_large",
                "429 for one request larger than a whole minute's limit: it never fits");
        cases.put(
                "anthropic-018-quota_exhausted",
                "429 typed as a rate limit; the text says that a paid option is missing");
        cases.put("azure_openai-001-rate_limit", "429 whose text asks for a wait of a day");
        cases.put("groq-014-rate_limit", "429 with the wait, half a minute, in the text alone");
        cases.put("openai-058-conflict", "400 because the conversation is locked for some seconds");
        cases.put("groq-009-server_error", "400 because the model failed to make a tool call: asking again may do");
        cases.put("aws_bedrock-026-server_error", "424: the model failed inside the service");
        cases.put("llama_cpp-002-context_length", "500 for a prompt longer than the context");
        cases.put("litellm_proxy-014-permission", "500 from a gateway, for a model that this team may not use");
        cases.put("anthropic-003-overloaded", "overload announced inside a stream that began with 200");
        cases.put("openai-045-quota_exhausted", "spent quota announced inside a stream that began with 200");
        cases.put("anthropic-035-stream_interrupted", "a stream that ends in good order without its terminal marker");
        cases.put("openai_compatible_gateway-005-empty_response", "a stream of nothing but its end");
        cases.put("anthropic-026-content_filter", "200, no content, because the model refused");
        cases.put("google_gemini-029-empty_response", "200, no content, because a function call came out malformed");
        cases.put("jvm_jdk-015-network", "TLS spoken to a port that does not: it will not learn it");
        return cases;
    }
}
