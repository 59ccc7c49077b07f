// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.preset;

import dev.holdfast.failure.Failure;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.anthropic.AnthropicDialect;
import dev.holdfast.llm.dialect.DecodeLimits;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.internal.schema.SchemaPrompt;
import dev.holdfast.llm.openai.OpenAiDialect;
import dev.holdfast.llm.transport.TransportRequest;
import dev.holdfast.target.Target;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A provider at an address with a credential: all that a request needs beside its content. Immutable; {@code toString}
 * masks the credential.
 *
 * @param preset what is known about the provider
 * @param baseUrl http or https, without a slash at its end
 * @param key the credential; null for none
 */
public record ProviderEndpoint(
        ProviderPreset preset, URI baseUrl, @Nullable Secret key) {

    /**
     * The endpoint that the environment describes.
     *
     * @param environment gives variables by name, null for those not set; usually {@code System::getenv}
     * @throws ProviderConfigurationException if the key or the address is missing or bad; names the variable
     */
    public static ProviderEndpoint of(ProviderPreset preset, Function<String, @Nullable String> environment) {
        return of(preset, null, null, environment);
    }

    /**
     * The endpoint that is stated, as far as it is, and otherwise described by the environment.
     *
     * @param statedUrl a base URL in place of the variable; null when not stated
     * @param statedKey a key in place of the variable; null when not stated
     * @throws ProviderConfigurationException if the key or the address is missing or bad; names the variable
     */
    public static ProviderEndpoint of(
            ProviderPreset preset,
            @Nullable String statedUrl,
            @Nullable Secret statedKey,
            Function<String, @Nullable String> environment) {
        Secret key = statedKey == null ? key(preset, environment.apply(preset.keyVariable())) : statedKey;
        if (statedUrl != null) {
            return new ProviderEndpoint(preset, baseUrl(preset, statedUrl, "base URL"), key);
        }
        String variable = preset.baseUrlVariable();
        String url = environment.apply(variable);
        if (url == null || url.isBlank()) {
            url = preset.baseUrl();
        }
        if (url == null) {
            throw new ProviderConfigurationException(
                    "provider '" + preset.name() + "' has no usual address: set " + variable);
        }
        return new ProviderEndpoint(preset, baseUrl(preset, url, variable), key);
    }

    /**
     * The target that a model here is to the engine, so far as this endpoint tells it. Of the credential it holds a short
     * hash: the engine only needs to know whether two targets share one.
     *
     * @param name what the target is called
     * @param model the provider's name of the model
     */
    public Target.Builder target(String name, String model) {
        return Target.builder(name)
                .provider(preset.name())
                .model(model)
                .endpoint(baseUrl.toString())
                .credential(key == null ? null : digest(key.reveal()));
    }

    private static String digest(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The dialect that is spoken here. */
    public Dialect dialect(Function<ErrorInput, Failure> classifier, DecodeLimits limits) {
        ErrorReader errors = new ErrorReader(preset.errorFamily(), classifier, limits);
        return preset.dialect().equals(AnthropicDialect.NAME)
                ? new AnthropicDialect(errors)
                : new OpenAiDialect(preset.quirks(), errors);
    }

    /**
     * The request in the wire format of this provider; a schema of its answer in the way that the model takes it.
     *
     * @param dialect made by {@link #dialect}
     * @throws dev.holdfast.llm.ProviderException if the request holds content that the dialect cannot carry
     */
    public EncodedRequest encoded(Dialect dialect, LlmRequest request, String model, boolean stream) {
        return dialect.encode(SchemaPrompt.forTarget(request, preset, model), model, stream);
    }

    /** The encoded request, addressed and with the credential. */
    public TransportRequest request(EncodedRequest encoded, Duration connectTimeout) {
        Map<String, String> headers = new LinkedHashMap<>(encoded.headers());
        if (key != null) {
            headers.put(preset.auth().header(), preset.auth().value(key.reveal()));
        }
        return TransportRequest.post(URI.create(baseUrl + encoded.path()), headers, encoded.body(), connectTimeout);
    }

    private static @Nullable Secret key(ProviderPreset preset, @Nullable String value) {
        if (value == null || value.isBlank()) {
            if (preset.keyRequired()) {
                throw new ProviderConfigurationException(
                        "provider '" + preset.name() + "' needs a key: set " + preset.keyVariable());
            }
            return null;
        }
        try {
            return Secret.of(value);
        } catch (IllegalArgumentException e) {
            throw new ProviderConfigurationException(preset.keyVariable() + " is not usable: " + e.getMessage());
        }
    }

    private static URI baseUrl(ProviderPreset preset, String value, String source) {
        URI uri;
        try {
            uri = new URI(value.strip());
        } catch (URISyntaxException e) {
            throw new ProviderConfigurationException(source + " is not a URL: " + e.getReason());
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw new ProviderConfigurationException(source + " must be an absolute http or https URL with a host");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            throw new ProviderConfigurationException(source + " must have neither user, query nor fragment");
        }
        String path = path(preset, uri.getRawPath());
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + path);
    }

    /**
     * People give the host alone, or as Anthropic's own clients want it, without the version: an address without a
     * path gets the preset's own.
     */
    private static String path(ProviderPreset preset, String given) {
        String path = given.replaceAll("/+$", "");
        if (preset.dialect().equals(AnthropicDialect.NAME)) {
            return path.endsWith("/v1") ? path : path + "/v1";
        }
        return path.isEmpty() ? preset.path() : path;
    }
}
