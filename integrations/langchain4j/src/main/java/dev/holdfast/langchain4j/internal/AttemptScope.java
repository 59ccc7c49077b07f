// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.internal;

import dev.holdfast.Attempt;
import dev.holdfast.failure.Failure;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of the engine, as the HTTP client below a model sees it. It is found by the thread on which the model is
 * called: LangChain4j's models start their requests there. Thread-safe.
 */
public final class AttemptScope {
    private static final ThreadLocal<@Nullable AttemptScope> CURRENT = new ThreadLocal<>();

    private final Attempt attempt;
    private final Runnable bytesArrived;
    private final @Nullable String idempotencyKey;
    private volatile @Nullable EndedAttempt ended;

    /**
     * @param bytesArrived told of every byte that comes, content or not
     * @param idempotencyKey sent with the attempt's requests; null for none
     */
    public AttemptScope(Attempt attempt, Runnable bytesArrived, @Nullable String idempotencyKey) {
        this.attempt = attempt;
        this.bytesArrived = bytesArrived;
        this.idempotencyKey = idempotencyKey;
    }

    /** The attempt that this thread works for; null for none. */
    public static @Nullable AttemptScope current() {
        return CURRENT.get();
    }

    /** Runs code that works for this attempt. */
    public <T> T call(Callable<T> code) throws Exception {
        AttemptScope before = CURRENT.get();
        CURRENT.set(this);
        try {
            return code.call();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    public Attempt attempt() {
        return attempt;
    }

    public void bytesArrived() {
        bytesArrived.run();
    }

    public @Nullable String idempotencyKey() {
        return idempotencyKey;
    }

    /** What ended the attempt: nothing may be sent for it any more. Null while all is well. */
    public @Nullable EndedAttempt ended() {
        return ended;
    }

    /** The attempt has failed; the first failure stays. */
    public EndedAttempt end(Failure failure) {
        EndedAttempt first = ended;
        if (first == null) {
            first = new EndedAttempt(failure);
            ended = first;
        }
        return first;
    }
}
