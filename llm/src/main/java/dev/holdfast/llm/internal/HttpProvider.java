// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.EmbeddingResponse;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.dialect.DecodeLimits;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.exchange.PlainExchange;
import dev.holdfast.llm.openai.OpenAiDialect;
import dev.holdfast.llm.openai.OpenAiEmbeddings;
import dev.holdfast.llm.preset.Prefill;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportRequest;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;

/** One model at one endpoint over HTTP: one request per call, no retry, no timeout but that of the connection. */
public class HttpProvider implements AttemptProvider {
    private static final String CALL_ID_HEADER = "x-holdfast-call-id";

    private final ProviderEndpoint endpoint;
    private final Map<String, String> headers;
    private final String model;
    private final Dialect dialect;
    private final Transport transport;
    private final Target target;

    /**
     * @param name what the target is called, {@code provider/model} as typed unless it was given a name
     * @param headers sent with every request beside those of the dialect
     */
    public HttpProvider(
            String name,
            String model,
            ProviderEndpoint endpoint,
            Map<String, String> headers,
            Function<ErrorInput, Failure> classifier,
            Transport transport) {
        this.endpoint = endpoint;
        this.headers = Map.copyOf(headers);
        this.model = model;
        this.dialect = endpoint.dialect(classifier, DecodeLimits.DEFAULTS);
        this.transport = transport;
        this.target = endpoint.target(name, model).build();
    }

    protected HttpProvider(HttpProviderBuilder<?> from) {
        this(from.targetName(), from.model(), from.endpoint(), from.headers(), from.classifier(), from.transport());
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public CompletableFuture<LlmResponse> complete(LlmRequest request) {
        return complete(request, NoHooks.INSTANCE);
    }

    @Override
    public CompletableFuture<LlmResponse> complete(LlmRequest request, AttemptHooks hooks) {
        PlainExchange<LlmResponse> exchange = new PlainExchange<>(dialect, this::answer, hooks::rateLimit);
        exchange.start(transport, () -> encoded(request, false), encoded -> addressed(encoded, hooks));
        return exchange;
    }

    private LlmResponse answer(ResponseHead head, BoundedBody body, List<TranslationNote> translation) {
        LlmResponse response = dialect.decode(head, body);
        return translation.isEmpty() ? response : response.withTranslation(translation);
    }

    private EncodedRequest encoded(LlmRequest request, boolean stream) {
        return endpoint.encoded(dialect, request, model, stream);
    }

    @Override
    public CompletableFuture<EmbeddingResponse> embed(EmbeddingRequest request) {
        return embed(request, NoHooks.INSTANCE);
    }

    @Override
    public CompletableFuture<EmbeddingResponse> embed(EmbeddingRequest request, AttemptHooks hooks) {
        if (!dialect.name().equals(OpenAiDialect.NAME)) {
            return CompletableFuture.failedFuture(Embeddings.none(target.provider()));
        }
        OpenAiEmbeddings embeddings = new OpenAiEmbeddings(dialect.errors());
        PlainExchange<EmbeddingResponse> exchange = new PlainExchange<>(
                dialect, (head, body, translation) -> embeddings.decode(head, body, request), hooks::rateLimit);
        exchange.start(transport, () -> embeddings.encode(request, model), encoded -> addressed(encoded, hooks));
        return exchange;
    }

    @Override
    public Flow.Publisher<StreamEvent> stream(LlmRequest request) {
        return stream(request, NoHooks.INSTANCE);
    }

    @Override
    public Flow.Publisher<StreamEvent> stream(LlmRequest request, AttemptHooks hooks) {
        return subscriber -> {
            StreamExchange exchange = new StreamExchange(dialect, subscriber, hooks);
            subscriber.onSubscribe(exchange);
            exchange.start(transport, () -> encoded(request, true), encoded -> addressed(encoded, hooks));
        };
    }

    @Override
    public Prefill prefill() {
        return Prefill.of(endpoint.preset());
    }

    /** The transport of everyone who brings none. */
    public static Transport sharedTransport() {
        return HoldfastRuntime.shared(JdkTransport.class, () -> new JdkTransport(HoldfastRuntime.executor()));
    }

    private TransportRequest addressed(EncodedRequest encoded, AttemptHooks hooks) {
        TransportRequest plain = endpoint.request(encoded, hooks.connectTimeout());
        boolean named = endpoint.preset().simulated() && !hooks.callId().isEmpty();
        if (!named && headers.isEmpty()) {
            return plain;
        }
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(plain.headers());
        if (named) {
            all.put(CALL_ID_HEADER, hooks.callId());
        }
        return new TransportRequest(plain.method(), plain.uri(), all, plain.body(), plain.connectTimeout());
    }

    /** Of an attempt that nobody watches. */
    private enum NoHooks implements AttemptHooks {
        INSTANCE;

        @Override
        public String callId() {
            return "";
        }

        @Override
        public Duration connectTimeout() {
            return TimeoutConfig.defaults().connect();
        }

        @Override
        public void bytesArrived() {}

        @Override
        public void contentStarted() {}
    }
}
