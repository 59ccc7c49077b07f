// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import dev.holdfast.failure.Failure;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.anthropic.AnthropicDialect;
import dev.holdfast.llm.dialect.DecodeLimits;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import dev.holdfast.llm.openai.OpenAiDialect;
import dev.holdfast.llm.openai.OpenAiQuirks;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderPreset;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a server by the address of the request: whose rules its errors follow, and what an answer is there.
 *
 * @param dialect null for an endpoint of which only HTTP itself is known
 */
record Wire(ErrorReader errors, @Nullable Dialect dialect) {
    private static final DecodeLimits LIMITS = DecodeLimits.DEFAULTS.withResponseBytes(128 << 20);
    private static final Function<ErrorInput, Failure> RULES = ProviderErrorClassifier.create()::classify;
    private static final Map<String, String> PROVIDERS_BY_HOST = providersByHost();

    static Wire of(URI uri) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        boolean anthropic = path.endsWith("/messages");
        String provider = PROVIDERS_BY_HOST.getOrDefault(
                String.valueOf(uri.getHost()), anthropic ? AnthropicDialect.NAME : OpenAiDialect.NAME);
        ErrorReader errors = new ErrorReader(provider, RULES, LIMITS);
        if (anthropic) {
            return new Wire(errors, new AnthropicDialect(errors));
        }
        return new Wire(
                errors, path.endsWith("/chat/completions") ? new OpenAiDialect(OpenAiQuirks.COMPATIBLE, errors) : null);
    }

    private static Map<String, String> providersByHost() {
        Map<String, String> names = new HashMap<>();
        for (ProviderPreset preset : Presets.all()) {
            String base = preset.baseUrl();
            String host = base == null ? null : URI.create(base).getHost();
            if (host != null && !host.equals("localhost") && !host.equals("127.0.0.1")) {
                names.putIfAbsent(host, preset.errorFamily());
            }
        }
        return Map.copyOf(names);
    }

    BoundedBody newBody(ResponseHead head) {
        return new BoundedBody(head.isSuccess() ? LIMITS.responseBytes() : LIMITS.errorBytes());
    }

    /**
     * Whether a whole successful response is an answer.
     *
     * @throws ProviderException if it is not
     */
    void checkAnswer(ResponseHead head, BoundedBody body) {
        if (dialect != null) {
            dialect.decode(head, body);
        } else if (body.overflowed()) {
            throw errors.tooLarge(head);
        } else if (head.mediaType().equals("text/html")) {
            throw errors.unreadable(head, body.toBytes());
        }
    }
}
