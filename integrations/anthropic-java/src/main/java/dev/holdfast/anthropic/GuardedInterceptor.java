// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.anthropic;

import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.Interceptor;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.wire.WireEndpoint;
import dev.holdfast.llm.wire.WireGuard;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An interceptor of the official Anthropic client by which every request is guarded by a {@link Holdfast}: retries with the
 * waits that the server states, a budget, a circuit for each model, timeouts that leave a healthy stream alone. Thread-safe.
 *
 * <p>A response that says no reaches the SDK as it came, once nothing is left to be tried, and becomes the SDK's own
 * exception. All else becomes a {@link GuardedCallException}, also while a stream is read. Neither is retried by the SDK,
 * whatever its {@code maxRetries}, although it applies interceptors to each of its attempts.
 *
 * <p>Requests go on through the SDK's HTTP client, and so to any of its backends (Bedrock, Vertex). One that the engine gives
 * up before its response has begun then runs on there until a read takes longer than the timeout. With {@link
 * Builder#transport} or {@link Builder#ownTransport} they leave by a transport of Holdfast instead, which is cut at once; that
 * is for Anthropic's own API and for servers that speak as it does, and it is what failover needs.
 *
 * <p>Timeouts: the shorter of the engine's and the SDK's. The SDK's {@code request} timeout bounds a whole plain call, but of
 * a stream only its silences.
 */
public final class GuardedInterceptor implements Interceptor {
    private final WireGuard guard;
    private final @Nullable Transport transport;

    private GuardedInterceptor(Builder builder) {
        this.guard =
                new WireGuard(builder.engine, Presets.named("anthropic"), builder.others, GuardedCallException::new);
        this.transport = builder.transport;
    }

    /** Guards what goes on through the SDK's HTTP client. */
    public static GuardedInterceptor of(Holdfast engine) {
        return builder(engine).build();
    }

    /** @param engine guards; stays the caller's to close */
    public static Builder builder(Holdfast engine) {
        return new Builder(engine);
    }

    @Override
    public HttpClient intercept(HttpClient client) {
        return new GuardedHttpClient(guard, client, transport);
    }

    /** Builds a {@link GuardedInterceptor}. Not thread-safe. */
    public static final class Builder {
        private final Holdfast engine;
        private final List<WireEndpoint> others = new ArrayList<>();
        private @Nullable Transport transport;

        private Builder(Holdfast engine) {
            this.engine = Objects.requireNonNull(engine, "engine");
        }

        /** Sends through this transport; stays the caller's to close. */
        public Builder transport(Transport value) {
            transport = value;
            return this;
        }

        /** Sends through the transport that all of the process share. */
        public Builder ownTransport() {
            return transport(
                    HoldfastRuntime.shared(JdkTransport.class, () -> new JdkTransport(HoldfastRuntime.executor())));
        }

        /**
         * Another endpoint that speaks the same, asked when those before it cannot serve a call.
         *
         * @param baseUrl as the SDK takes it, without {@code /v1}
         * @param key null sends none
         * @param model what to ask for there; null for the model that the request names
         */
        public Builder failover(String baseUrl, @Nullable String key, @Nullable String model) {
            others.add(new WireEndpoint(baseUrl, key == null ? null : Secret.of(key), model));
            return this;
        }

        /** @throws IllegalStateException if there is somewhere to fail over to and no transport to get there */
        public GuardedInterceptor build() {
            if (!others.isEmpty() && transport == null) {
                throw new IllegalStateException(
                        "failover needs ownTransport() or a transport: the SDK's own HTTP client"
                                + " is bound to its backend");
            }
            return new GuardedInterceptor(this);
        }
    }
}
