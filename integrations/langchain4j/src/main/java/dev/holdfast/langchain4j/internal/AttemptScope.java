// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.internal;

import dev.holdfast.Attempt;
import dev.holdfast.failure.Failure;
import dev.holdfast.limit.Dimension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of the engine, as the HTTP client below a model sees it. It is found by the thread on which the model is
 * called: LangChain4j's models start their requests there. Thread-safe.
 */
public final class AttemptScope {
    private static final ThreadLocal<@Nullable AttemptScope> CURRENT = new ThreadLocal<>();

    private final @Nullable Attempt attempt;
    private final Runnable bytesArrived;
    private final @Nullable String idempotencyKey;
    private volatile @Nullable EndedAttempt ended;

    // guarded by this
    private final List<Runnable> cancels = new ArrayList<>();
    private boolean cancelled;

    /**
     * @param bytesArrived told of every byte that comes, content or not
     * @param idempotencyKey sent with the attempt's requests; null for none
     */
    public AttemptScope(Attempt attempt, Runnable bytesArrived, @Nullable String idempotencyKey) {
        this.attempt = attempt;
        this.bytesArrived = bytesArrived;
        this.idempotencyKey = idempotencyKey;
        attempt.onCancel(this::cancel);
    }

    /** Of an attempt that is guarded further out, of which nothing is known here. */
    public AttemptScope() {
        this.attempt = null;
        this.bytesArrived = () -> {};
        this.idempotencyKey = null;
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

    /** Runs the action when the attempt is cancelled; at once if it already is. */
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                cancels.add(action);
                return;
            }
        }
        action.run();
    }

    /** Ends what runs for the attempt. */
    public void cancel() {
        List<Runnable> actions;
        synchronized (this) {
            cancelled = true;
            actions = List.copyOf(cancels);
            cancels.clear();
        }
        actions.forEach(Runnable::run);
    }

    /** The id of the call; null where it is not known. */
    public @Nullable String callId() {
        return attempt == null ? null : attempt.callId();
    }

    /** Tells what a response says of a rate limit. */
    public void rateLimit(Dimension dimension, long limit, long remaining, Duration untilReset) {
        if (attempt != null) {
            attempt.rateLimit(dimension, limit, remaining, untilReset);
        }
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
    public synchronized EndedAttempt end(Failure failure) {
        EndedAttempt first = ended;
        if (first == null) {
            first = new EndedAttempt(failure);
            ended = first;
        }
        return first;
    }
}
