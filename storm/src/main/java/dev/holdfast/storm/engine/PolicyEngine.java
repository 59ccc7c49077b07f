// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A {@link Policy} at work on the wall: one target, the caller's thread waits. */
public final class PolicyEngine implements Engine {
    private final Surroundings surroundings;
    private final HttpTarget target;
    private final Policy policy;
    private final RandomGenerator random;

    public PolicyEngine(Surroundings surroundings, Policy.Maker maker) {
        this.surroundings = surroundings;
        this.target = surroundings.first();
        this.policy = maker.make(state -> surroundings.circuits().enters(target.name(), state));
        this.random = new SplittableRandom(surroundings.seed());
    }

    @Override
    public String call(Question question) throws Exception {
        if (surroundings.streamed() && !policy.coversStreams()) {
            return target.ask(question);
        }
        synchronized (policy) {
            if (!policy.admits(surroundings.pace().nanos())) {
                throw new IOException("circuit open");
            }
        }
        for (int attempt = 1; ; attempt++) {
            long waitNanos;
            try {
                String answer = target.ask(question);
                synchronized (policy) {
                    policy.attemptSucceeded(surroundings.pace().nanos());
                }
                return answer;
            } catch (HttpStatusException | IOException e) {
                synchronized (policy) {
                    waitNanos = policy.attemptFailed(
                            attempt, Fault.of(e), surroundings.pace().nanos(), random);
                }
                if (waitNanos == Policy.STOP) {
                    throw e;
                }
            }
            surroundings.pace().sleep(Duration.ofNanos(waitNanos));
        }
    }
}
