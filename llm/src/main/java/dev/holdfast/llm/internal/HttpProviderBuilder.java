// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.failure.Failure;
import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.llm.preset.ProviderPreset;
import dev.holdfast.llm.transport.Transport;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the raw providers over HTTP are told alike. Not thread-safe.
 *
 * @param <B> the builder that a provider shows to its users
 */
public abstract class HttpProviderBuilder<B> {
    private static final Pattern HEADER_NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]+");
    private static final Set<String> NOT_OURS =
            Set.of("connection", "content-length", "content-type", "expect", "host", "transfer-encoding", "upgrade");

    private final String model;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private Function<String, @Nullable String> environment = System::getenv;
    private Function<ErrorInput, Failure> classifier = ProviderErrorClassifier.create()::classify;
    private @Nullable String name;
    private @Nullable String baseUrl;
    private @Nullable Secret key;
    private @Nullable Transport transport;

    protected HttpProviderBuilder(String model) {
        this.model = Objects.requireNonNull(model, "model");
    }

    protected abstract B self();

    protected abstract ProviderPreset preset();

    /** What the target is called; default {@code provider/model}. */
    public B name(String value) {
        name = Objects.requireNonNull(value, "name");
        return self();
    }

    /** Where it is; default the environment's, for example {@code OPENAI_BASE_URL}, else the provider's own address. */
    public B baseUrl(String value) {
        baseUrl = Objects.requireNonNull(value, "baseUrl");
        return self();
    }

    /** The credential; default the environment's, for example {@code OPENAI_API_KEY}. */
    public B key(Secret value) {
        key = Objects.requireNonNull(value, "key");
        return self();
    }

    /**
     * A header for every request; the dialect's own and that of the key win over it.
     *
     * @throws ProviderConfigurationException if HTTP cannot carry it, or the transport sets it itself
     */
    public B header(String headerName, String value) {
        String lower = headerName.toLowerCase(Locale.ROOT);
        if (!HEADER_NAME.matcher(lower).matches() || NOT_OURS.contains(lower)) {
            throw new ProviderConfigurationException("the header '" + headerName + "' cannot be set");
        }
        if (value.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw new ProviderConfigurationException(
                    "the value of the header '" + headerName + "' must be printable ASCII");
        }
        headers.put(lower, value);
        return self();
    }

    /** Where variables come from; default {@link System#getenv(String)}. */
    public B environment(Function<String, @Nullable String> lookup) {
        environment = Objects.requireNonNull(lookup, "lookup");
        return self();
    }

    /** How errors are judged; default the rules of {@link ProviderErrorClassifier}. */
    public B errorClassifier(Function<ErrorInput, Failure> value) {
        classifier = Objects.requireNonNull(value, "classifier");
        return self();
    }

    /** How HTTP is spoken; the caller's to close. Default: the one that everything in the process shares. */
    public B transport(Transport value) {
        transport = Objects.requireNonNull(value, "transport");
        return self();
    }

    String targetName() {
        return name != null ? name : preset().name() + "/" + model;
    }

    ProviderEndpoint endpoint() {
        return ProviderEndpoint.of(preset(), baseUrl, key, environment);
    }

    Map<String, String> headers() {
        return headers;
    }

    Function<ErrorInput, Failure> classifier() {
        return classifier;
    }

    Transport transport() {
        return transport != null ? transport : HttpProvider.sharedTransport();
    }

    String model() {
        return model;
    }
}
