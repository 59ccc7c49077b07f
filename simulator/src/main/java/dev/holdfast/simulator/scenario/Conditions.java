// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server does at a moment. Null means that nothing is said about it.
 *
 * @param capacity requests per second; none said: all are taken
 * @param concurrency requests at a time; none said: all are served at once
 * @param latency time until the first content, added to what a model name asks for
 * @param tokensPerSecond pace of content where a model name does not set it
 * @param errors parts of the requests that fail; together at most 1
 */
public record Conditions(
        @Nullable Capacity capacity,
        @Nullable Concurrency concurrency,
        @Nullable Latency latency,
        @Nullable Double tokensPerSecond,
        @Nullable List<ErrorShare> errors) {

    /** A server without limits. */
    public static final Conditions NONE = new Conditions(null, null, null, null, null);

    public Conditions {
        errors = errors == null ? null : List.copyOf(errors);
    }

    /** These conditions where they say something, the others elsewhere. */
    Conditions over(Conditions others) {
        return new Conditions(
                capacity == null ? others.capacity : capacity,
                concurrency == null ? others.concurrency : concurrency,
                latency == null ? others.latency : latency,
                tokensPerSecond == null ? others.tokensPerSecond : tokensPerSecond,
                errors == null ? others.errors : errors);
    }
}
