// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.llm.transport.Transport;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's HTTP on Holdfast's transport. Give it to a model:
 *
 * <pre>{@code
 * OpenAiChatModel.builder().httpClientBuilder(new HoldfastHttpClientBuilder())…
 * }</pre>
 *
 * <p>What it does that LangChain4j's own clients do not:
 *
 * <ul>
 *   <li>errors keep their headers ({@link HttpResponseException}), so that stated waits are honoured;
 *   <li>four timeouts, of which {@code idle} and {@code whole} cover the body too;
 *   <li>an answer is an answer: an error or a page inside a 200, and a stream that ends without its last event, fail
 *       ({@link HttpFailedException}); checked for OpenAI chat completions and Anthropic messages by their paths;
 *   <li>a stream's listener hears exactly one of {@code onError} and {@code onClose}, and nothing after it;
 *   <li>below a resilient model, a failed request is the end of its attempt, whatever {@code maxRetries} the model between
 *       them has.
 * </ul>
 *
 * <p>Not thread-safe; the clients that it makes are. Those share one transport unless they are given their own.
 */
public final class HoldfastHttpClientBuilder implements HttpClientBuilder {
    private @Nullable Duration connectTimeout;
    private @Nullable Duration readTimeout;
    private @Nullable Duration firstByteTimeout;
    private @Nullable Duration idleTimeout;
    private Duration wholeTimeout = Duration.ofMinutes(10);
    private @Nullable String callIdHeader;
    private @Nullable Transport transport;

    @Override
    @SuppressWarnings("NullAway") // null until it is set, as in LangChain4j's own builders
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** Until the connection stands; default 10 s. Models set it to their {@code timeout}, else to 15 s. */
    @Override
    public HoldfastHttpClientBuilder connectTimeout(Duration value) {
        connectTimeout = HttpTimeouts.positive("connectTimeout", value);
        return this;
    }

    @Override
    @SuppressWarnings("NullAway") // as above
    public Duration readTimeout() {
        return readTimeout;
    }

    /**
     * The longest wait for a byte, the first or the next; default 60 s. Models set it to their {@code timeout}, else to 60 s;
     * {@link #firstByteTimeout} and {@link #idleTimeout} take precedence.
     */
    @Override
    public HoldfastHttpClientBuilder readTimeout(Duration value) {
        readTimeout = HttpTimeouts.positive("readTimeout", value);
        return this;
    }

    /** From the request to the first byte of the body; default {@link #readTimeout(Duration)}. */
    public HoldfastHttpClientBuilder firstByteTimeout(Duration value) {
        firstByteTimeout = HttpTimeouts.positive("firstByteTimeout", value);
        return this;
    }

    /** The longest silence within a body; default {@link #readTimeout(Duration)}. */
    public HoldfastHttpClientBuilder idleTimeout(Duration value) {
        idleTimeout = HttpTimeouts.positive("idleTimeout", value);
        return this;
    }

    /** The whole request, a stream to its end included; default 10 min. */
    public HoldfastHttpClientBuilder wholeTimeout(Duration value) {
        wholeTimeout = HttpTimeouts.positive("wholeTimeout", value);
        return this;
    }

    /** A header that carries the id of the call below a resilient model, for example {@code X-Client-Request-Id}; default none. */
    public HoldfastHttpClientBuilder callIdHeader(String name) {
        callIdHeader = Objects.requireNonNull(name, "name");
        return this;
    }

    /** How HTTP is spoken; the caller's to close. Default: one {@link JdkTransport} for the process. */
    public HoldfastHttpClientBuilder transport(Transport value) {
        transport = Objects.requireNonNull(value, "transport");
        return this;
    }

    @Override
    public HttpClient build() {
        Duration read = or(readTimeout, Duration.ofSeconds(60));
        HttpTimeouts timeouts = new HttpTimeouts(
                or(connectTimeout, Duration.ofSeconds(10)),
                or(firstByteTimeout, read),
                or(idleTimeout, read),
                wholeTimeout);
        Transport own = transport;
        return new HoldfastHttpClient(own != null ? own : sharedTransport(), timeouts, callIdHeader);
    }

    private static Transport sharedTransport() {
        return HoldfastRuntime.shared(JdkTransport.class, () -> new JdkTransport(HoldfastRuntime.executor()));
    }

    private static Duration or(@Nullable Duration own, Duration otherwise) {
        return own != null ? own : otherwise;
    }
}
