// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.openai.OpenAiCompatibleProvider;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.storm.scenario.Storm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A target and its plain HTTP client: one request a question, a timeout, and errors as an HTTP client tells them ({@link
 * HttpStatusException}, {@link IOException}). No retry, no judgement. Thread-safe.
 */
public final class HttpTarget {
    private static final int OK = 200;

    private final String name;
    private final URI base;
    private final LlmProvider provider;
    private final boolean streamed;
    private final Duration timeout;

    /** @param timeout of one request, on the wall */
    public HttpTarget(String name, URI base, boolean streamed, Duration timeout, Transport transport) {
        this.name = name;
        this.base = base;
        this.streamed = streamed;
        this.timeout = timeout;
        this.provider = OpenAiCompatibleProvider.builder(Storm.MODEL)
                .preset("sim")
                .name(name)
                .baseUrl(base + "/v1")
                .transport(transport)
                .build();
    }

    public String name() {
        return name;
    }

    /** Where it is, without a path. */
    public URI base() {
        return base;
    }

    /** Makes one request and reads the whole answer. */
    public String ask(Question question) throws HttpStatusException, IOException, InterruptedException {
        LlmRequest request = request(question);
        CallIds.begin(question.id());
        CompletableFuture<String> answer;
        try {
            answer = streamed
                    ? TextOfStream.of(provider.stream(request))
                    : provider.complete(request).thenApply(LlmResponse::text);
        } finally {
            CallIds.end();
        }
        return await(answer);
    }

    private String await(CompletableFuture<String> answer)
            throws HttpStatusException, IOException, InterruptedException {
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("request timed out");
        } catch (ExecutionException e) {
            throw asPlainClientsTell(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            answer.cancel(true);
        }
    }

    private static IOException asPlainClientsTell(Throwable error) throws HttpStatusException {
        if (error instanceof ProviderException answered && answered.status() != 0 && answered.status() != OK) {
            throw new HttpStatusException(answered.status());
        }
        return new IOException("no whole answer", error);
    }

    /** A malformed request has no messages; that is refused by every server, and no client can know. */
    static LlmRequest request(Question question) {
        LlmRequest request = LlmRequest.of(Question.PROMPT);
        return question.poison()
                ? request.toBuilder().extraJson("{\"messages\":[]}").build()
                : request;
    }
}
