// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.preset;

import dev.holdfast.llm.openai.OpenAiQuirks;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a provider. Immutable.
 *
 * @param name what stands before the slash in {@code provider/model}
 * @param dialect {@code openai} or {@code anthropic}
 * @param errorFamily by which name the error rules know the provider
 * @param origin scheme and host; null when it is different for everyone
 * @param path what follows the host in its base URL, the version included
 * @param keyRequired whether it refuses calls without a key
 * @param auth in which header the key goes
 * @param quirks where it differs from OpenAI; of no meaning in another dialect
 * @param simulated whether it is the simulator, which is told the id of each call
 */
public record ProviderPreset(
        String name,
        String dialect,
        String errorFamily,
        @Nullable String origin,
        String path,
        boolean keyRequired,
        AuthStyle auth,
        OpenAiQuirks quirks,
        boolean simulated) {

    public ProviderPreset {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(dialect, "dialect");
        Objects.requireNonNull(errorFamily, "errorFamily");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(auth, "auth");
        Objects.requireNonNull(quirks, "quirks");
    }

    public ProviderPreset withQuirks(OpenAiQuirks newQuirks) {
        return new ProviderPreset(name, dialect, errorFamily, origin, path, keyRequired, auth, newQuirks, simulated);
    }

    public ProviderPreset withAuth(AuthStyle newAuth) {
        return new ProviderPreset(name, dialect, errorFamily, origin, path, keyRequired, newAuth, quirks, simulated);
    }

    /** The usual base URL; null when it is different for everyone. */
    public @Nullable String baseUrl() {
        return origin == null ? null : origin + path;
    }

    /** The environment variable of the key, for example {@code OPENAI_API_KEY}. */
    public String keyVariable() {
        return variablePrefix() + "_API_KEY";
    }

    /** The environment variable of the base URL, for example {@code OPENAI_BASE_URL}. */
    public String baseUrlVariable() {
        return variablePrefix() + "_BASE_URL";
    }

    /** Both faces of the simulator share its variables. */
    private String variablePrefix() {
        return simulated ? "SIM" : name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
