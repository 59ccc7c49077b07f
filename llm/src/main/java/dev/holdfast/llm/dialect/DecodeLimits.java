// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

/**
 * How much of what a server sends is looked at. Immutable.
 *
 * @param responseBytes the most bytes of a whole answer, and about the most characters of a streamed one
 * @param errorBytes the most bytes of an error body; the rest is ignored
 * @param eventBytes the most bytes of one event of a stream
 */
public record DecodeLimits(int responseBytes, int errorBytes, int eventBytes) {
    /** 32 MiB of an answer, 64 KiB of an error, 16 MiB of an event. */
    public static final DecodeLimits DEFAULTS = new DecodeLimits(32 << 20, 64 << 10, 16 << 20);

    public DecodeLimits {
        if (responseBytes <= 0 || errorBytes <= 0 || eventBytes <= 0) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    public DecodeLimits withResponseBytes(int newResponseBytes) {
        return new DecodeLimits(newResponseBytes, errorBytes, eventBytes);
    }

    public DecodeLimits withEventBytes(int newEventBytes) {
        return new DecodeLimits(responseBytes, errorBytes, newEventBytes);
    }
}
