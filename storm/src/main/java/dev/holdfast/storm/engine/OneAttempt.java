// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** No policy: one request, and whatever comes of it. */
public final class OneAttempt implements Policy {
    public OneAttempt(Consumer<String> circuit) {
        // there is none to tell of
    }

    @Override
    public boolean admits(long nowNanos) {
        return true;
    }

    @Override
    public long attemptFailed(int attempt, Fault fault, long nowNanos, RandomGenerator random) {
        return STOP;
    }

    @Override
    public void attemptSucceeded(long nowNanos) {}

    @Override
    public boolean coversStreams() {
        return true;
    }
}
