// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.structured;

import java.util.Objects;

/**
 * How answers that must be objects are asked for. Immutable.
 *
 * @param maxAttempts how many answers are asked for at the most, the first included; at least 1. Attempts of the guard
 *     beneath are not counted here, and an answer that the guard could not get is not asked for again.
 * @param maxTokensLimit up to which the token limit grows when an answer was cut; at least 1. A larger limit that the request
 *     itself states is kept.
 * @param allowTruncated whether an answer that is valid is taken though the token limit cut what came after it
 * @param mode how the schema is put to the model
 */
public record StructuredConfig(int maxAttempts, int maxTokensLimit, boolean allowTruncated, Mode mode) {
    /** 3 attempts, tokens grow up to 32,768, cut answers are asked for again, native where the target can. */
    public static final StructuredConfig DEFAULTS = new StructuredConfig(3, 32_768, false, Mode.AUTO);

    /** How the schema is put to the model. */
    public enum Mode {
        /** As a response format where the target has one for it, in words elsewhere. */
        AUTO,
        /** In words only, for targets that claim more than they can. */
        PROMPTED
    }

    public StructuredConfig {
        Objects.requireNonNull(mode, "mode");
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be at least 1 (1 means no retry): " + maxAttempts);
        }
        if (maxTokensLimit < 1) {
            throw new IllegalArgumentException("maxTokensLimit must be at least 1: " + maxTokensLimit);
        }
    }

    public StructuredConfig withMaxAttempts(int value) {
        return new StructuredConfig(value, maxTokensLimit, allowTruncated, mode);
    }

    public StructuredConfig withMaxTokensLimit(int value) {
        return new StructuredConfig(maxAttempts, value, allowTruncated, mode);
    }

    public StructuredConfig withAllowTruncated(boolean value) {
        return new StructuredConfig(maxAttempts, maxTokensLimit, value, mode);
    }

    public StructuredConfig withMode(Mode value) {
        return new StructuredConfig(maxAttempts, maxTokensLimit, allowTruncated, value);
    }
}
