// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place that can serve a call: provider, model, endpoint and credential. Immutable; equal targets share circuit, budget,
 * pauses and blocks within one {@code Holdfast}.
 *
 * <p>A target holds no secret: {@link #credential()} is an identifier that differs where the key differs.
 */
public final class Target {
    private final String name;
    private final String provider;
    private final String model;
    private final String endpoint;
    private final @Nullable String credential;
    private final boolean passThrough;
    private final String quotaDomain;
    private final int hash;

    private Target(Builder builder) {
        this.name = builder.name;
        this.provider = builder.provider;
        this.model = builder.model;
        this.endpoint = builder.endpoint;
        this.credential = builder.credential;
        this.passThrough = builder.passThrough;
        this.quotaDomain = builder.quota != null
                ? builder.quota
                : provider + '|' + endpoint + '|' + (credential == null ? "" : credential) + '|' + model;
        this.hash = Objects.hash(name, provider, model, endpoint, credential, passThrough, quotaDomain);
    }

    /** A target known by its name alone; {@code provider/model} is split at the first slash. */
    public static Target of(String name) {
        return builder(name).build();
    }

    /** Starts from a name; {@code provider/model} is split at the first slash, else the name is the provider. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** What users call it: {@code provider/model} as typed, unless it was given a name. */
    public String name() {
        return name;
    }

    public String provider() {
        return provider;
    }

    /** The model's name at the provider; empty where there is none. */
    public String model() {
        return model;
    }

    /** Where it is, usually a base URL; empty where there is only one. */
    public String endpoint() {
        return endpoint;
    }

    /** Identifies the credential without revealing it; null where none is used, and then blocks stay on this target. */
    public @Nullable String credential() {
        return credential;
    }

    /** Whether each caller brings a credential of its own, so that a bad one says nothing about others. */
    public boolean passThrough() {
        return passThrough;
    }

    /** What shares one rate limit: provider, endpoint, credential and model, or the name that was set. */
    public String quotaDomain() {
        return quotaDomain;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Target that
                        && hash == that.hash
                        && passThrough == that.passThrough
                        && name.equals(that.name)
                        && provider.equals(that.provider)
                        && model.equals(that.model)
                        && endpoint.equals(that.endpoint)
                        && Objects.equals(credential, that.credential)
                        && quotaDomain.equals(that.quotaDomain));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Builds a {@link Target}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private String provider;
        private String model;
        private String endpoint = "";
        private @Nullable String credential;
        private boolean passThrough;
        private @Nullable String quota;

        private Builder(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("a target needs a name");
            }
            this.name = name;
            int slash = name.indexOf('/');
            this.provider = slash < 0 ? name : name.substring(0, slash);
            this.model = slash < 0 ? "" : name.substring(slash + 1);
        }

        public Builder provider(String value) {
            provider = value;
            return this;
        }

        public Builder model(String value) {
            model = value;
            return this;
        }

        public Builder endpoint(String value) {
            endpoint = value;
            return this;
        }

        /** An identifier that changes with the key, such as a digest; never the key itself. */
        public Builder credential(@Nullable String id) {
            credential = id;
            return this;
        }

        public Builder passThrough(boolean value) {
            passThrough = value;
            return this;
        }

        /** Names the quota domain, where several targets share one rate limit. */
        public Builder quota(String value) {
            quota = value;
            return this;
        }

        public Target build() {
            return new Target(this);
        }
    }
}
