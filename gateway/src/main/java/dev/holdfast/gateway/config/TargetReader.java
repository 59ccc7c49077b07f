// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.gateway.config.Node.Scalar;
import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.llm.preset.ProviderPreset;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the targets. */
final class TargetReader {
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}");
    /** Of these the transport and the credential decide. */
    private static final Set<String> OWN_HEADERS =
            Set.of("authorization", "x-api-key", "api-key", "host", "content-length", "transfer-encoding", "connection");

    private static final Secret NO_KEY = Secret.of("none");

    private final Function<String, @Nullable String> environment;
    private final Problems problems;

    TargetReader(Function<String, @Nullable String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** By name; those with problems are missing. */
    Map<String, TargetConfig> read(Section targets) {
        Map<String, TargetConfig> read = new LinkedHashMap<>();
        targets.named().forEach((name, item) -> {
            Names.check(name, item, targets);
            Section section = Section.of(item, problems);
            TargetConfig target = target(name, section);
            section.end();
            if (target != null) {
                read.put(name, target);
            }
        });
        return read;
    }

    private @Nullable TargetConfig target(String name, Section section) {
        String provider = section.requiredText("provider", "for example provider: openai");
        String model = section.requiredText("model", "the provider's name of the model");
        String baseUrl = section.text("base_url");
        Secret key = secret(section, "api_key");
        boolean keyUnusable = section.isStated("api_key") && key == null && !isBlank(section.scalar("api_key"));
        boolean passThrough = section.bool("pass_through", false);
        Map<String, String> headers = headers(section.section("headers"));
        String quota = section.text("quota");
        if (passThrough && key != null) {
            section.problem("pass_through", "takes the client's credential in place of api_key: remove one of them");
        }
        ProviderPreset preset = provider == null ? null : preset(provider, section);
        if (preset == null || model == null) {
            return null;
        }
        Secret used = passThrough || keyUnusable ? NO_KEY : key;
        ProviderEndpoint endpoint = endpoint(preset, baseUrl, used, section);
        if (endpoint == null) {
            return null;
        }
        if (used == NO_KEY) {
            endpoint = new ProviderEndpoint(endpoint.preset(), endpoint.baseUrl(), null);
        }
        return new TargetConfig(name, endpoint, model, passThrough, headers, quota);
    }

    private static boolean isBlank(@Nullable Scalar scalar) {
        return scalar != null && scalar.text().isBlank();
    }

    private static @Nullable ProviderPreset preset(String provider, Section section) {
        try {
            return Presets.named(provider);
        } catch (ProviderConfigurationException unknown) {
            section.problem("provider", String.valueOf(unknown.getMessage()));
            return null;
        }
    }

    private @Nullable ProviderEndpoint endpoint(
            ProviderPreset preset, @Nullable String baseUrl, @Nullable Secret key, Section section) {
        try {
            if (baseUrl != null && key == null && isElsewhere(preset, baseUrl)) {
                // The provider's key of the environment is not for another host, and local servers need none.
                ProviderEndpoint elsewhere = ProviderEndpoint.of(preset, baseUrl, NO_KEY, environment);
                return new ProviderEndpoint(preset, elsewhere.baseUrl(), null);
            }
            return ProviderEndpoint.of(preset, baseUrl, key, environment);
        } catch (ProviderConfigurationException wrong) {
            String message = String.valueOf(wrong.getMessage());
            boolean address = message.startsWith("base URL")
                    || message.contains("address")
                    || message.startsWith(preset.baseUrlVariable());
            if (address) {
                section.problem("base_url", message.replaceFirst("^base URL ", "") + orKey(message, "base_url"));
            } else {
                section.problem("api_key", message + orKey(message, "api_key"));
            }
            return null;
        }
    }

    private static String orKey(String message, String key) {
        return message.contains(": set ") ? ", or write " + key : "";
    }

    /** Whether a stated address is not that of the provider itself. */
    static boolean isElsewhere(ProviderPreset preset, String baseUrl) {
        String origin = preset.origin();
        if (origin == null) {
            return false;
        }
        try {
            URI stated = URI.create(baseUrl.strip());
            return !("https".equalsIgnoreCase(stated.getScheme())
                    && URI.create(origin).getHost().equalsIgnoreCase(stated.getHost()));
        } catch (IllegalArgumentException noUrl) {
            return true;
        }
    }

    /** A credential; null where none is stated, it is blank, or unusable, which is a problem. */
    static @Nullable Secret secret(Section section, String key) {
        String text = section.text(key);
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return Secret.of(text);
        } catch (IllegalArgumentException unusable) {
            section.problem(key, String.valueOf(unusable.getMessage()));
            return null;
        }
    }

    /** Whether a header of this name can be set for a target. */
    static boolean isHeader(String name) {
        return HEADER.matcher(name).matches() && !OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT));
    }

    private static Map<String, String> headers(Section section) {
        Map<String, String> headers = new LinkedHashMap<>();
        section.named().forEach((name, item) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            String value = section.text(name);
            if (!HEADER.matcher(name).matches()) {
                section.problem(item, "is not the name of a header");
            } else if (OWN_HEADERS.contains(lower)) {
                section.problem(item, "cannot be set here: credentials go to api_key, the rest is the transport's");
            } else if (value != null && !value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)) {
                section.problem(item, "must be printable ASCII, to fit into a header");
            } else if (value != null && headers.put(lower, value) != null) {
                section.problem(item, "is given twice, in another case");
            }
        });
        return headers;
    }
}
