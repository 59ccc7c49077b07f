// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.route;

import dev.holdfast.failure.Failure;
import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.dialect.DecodeLimits;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.llm.transport.TransportRequest;
import dev.holdfast.target.Target;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One target of the configuration and how it is spoken to. Immutable and thread-safe; {@code toString} shows no key. */
public final class Upstream {
    private static final Function<ErrorInput, Failure> CLASSIFIER = ProviderErrorClassifier.create()::classify;
    private static final String CALL_ID_HEADER = "x-holdfast-call-id";

    private final TargetConfig config;
    private final Target target;
    private final Dialect dialect;
    private final String chatPath;
    private final URI chat;

    /** @param known the target as engines know it already, where it is unchanged; null to make it */
    Upstream(TargetConfig config, @Nullable Target known) {
        this.config = config;
        Target made = target(config);
        this.target = known != null && made.equals(known) ? known : made;
        this.dialect = config.endpoint().dialect(CLASSIFIER, DecodeLimits.DEFAULTS);
        this.chatPath = dialect.passedOn(new byte[0], false).path();
        this.chat = uri(chatPath);
    }

    private static Target target(TargetConfig config) {
        Target.Builder builder = config.endpoint().target(config.name(), config.model());
        if (config.passThrough()) {
            builder.passThrough(true).credential(null);
        }
        String quota = config.quota();
        return (quota == null ? builder : builder.quota(quota)).build();
    }

    private URI uri(String path) {
        return URI.create(config.endpoint().baseUrl() + path);
    }

    TargetConfig config() {
        return config;
    }

    public Target target() {
        return target;
    }

    /** What is spoken there. */
    public Dialect dialect() {
        return dialect;
    }

    /** The provider's name of the model. */
    public String model() {
        return config.model();
    }

    /** Whether the client's own credential goes there in place of ours. */
    public boolean passThrough() {
        return config.passThrough();
    }

    /** A request translated into what is spoken there. */
    public EncodedRequest encoded(LlmRequest request, boolean stream) {
        return config.endpoint().encoded(dialect, request, model(), stream);
    }

    /**
     * The encoded request with address and credential.
     *
     * @param forwarded headers of the client that go along; those of the configuration win over them
     * @param clientKey what the client came with; used only where the target passes credentials through
     * @param callId told to the simulator alone
     */
    public TransportRequest request(
            EncodedRequest encoded,
            Map<String, String> forwarded,
            @Nullable Secret clientKey,
            String callId,
            Duration connectTimeout) {
        ProviderEndpoint endpoint = config.endpoint();
        Map<String, String> headers = new LinkedHashMap<>(encoded.headers());
        headers.putAll(forwarded);
        headers.putAll(config.headers());
        Secret key = config.passThrough() ? clientKey : endpoint.key();
        if (key != null) {
            headers.put(
                    endpoint.preset().auth().header(), endpoint.preset().auth().value(key.reveal()));
        }
        if (endpoint.preset().simulated()) {
            headers.put(CALL_ID_HEADER, callId);
        }
        URI uri = encoded.path().equals(chatPath) ? chat : uri(encoded.path());
        return TransportRequest.post(uri, headers, encoded.body(), connectTimeout);
    }

    @Override
    public String toString() {
        return target.name();
    }
}
