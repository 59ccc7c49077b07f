// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.OngoingAttempt;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.ProviderException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ends: known once, and told once to engine and client, but only after the call has ended with this attempt.
 * Before that the engine has not committed, and would take the end of an answer for the failure of an attempt. Thread-safe.
 */
final class WireEnding {
    private static final Failure LEFT = Failure.of(Category.CANCELLED, "caller.left", "the call was cancelled");

    private final OngoingAttempt ongoing;
    private final WireBody body;
    private final BrokenAnswer broken;

    // guarded by this
    private boolean opened;
    private boolean over;
    private boolean told;
    private @Nullable Failure failure;

    WireEnding(OngoingAttempt ongoing, WireBody body, BrokenAnswer broken) {
        this.ongoing = ongoing;
        this.body = body;
        this.broken = broken;
    }

    synchronized boolean isOver() {
        return over;
    }

    /**
     * The end is known.
     *
     * @param reason why the answer is none; null for a whole one
     * @return whether it is the first
     */
    synchronized boolean mark(@Nullable Failure reason) {
        if (over) {
            return false;
        }
        over = true;
        failure = reason;
        return true;
    }

    /** The call has ended with this attempt. */
    void open() {
        boolean known;
        synchronized (this) {
            opened = true;
            known = over;
        }
        if (known) {
            tell();
        } else {
            ongoing.demand(false); // until somebody reads
        }
    }

    void tellOnceOpened() {
        boolean now;
        synchronized (this) {
            now = opened;
        }
        if (now) {
            tell();
        }
    }

    private void tell() {
        Failure reason;
        synchronized (this) {
            if (told) {
                return;
            }
            told = true;
            reason = failure;
        }
        if (reason == null) {
            ongoing.end();
            body.end(null);
        } else {
            ongoing.fail(new ProviderException(reason, 0, Map.of()));
            body.end(broken.exception(reason, ongoing.report()));
        }
    }

    /** The engine ended the attempt, or its client left it: who reads is told why. */
    void cutFromOutside() {
        synchronized (this) {
            over = true;
            if (told) {
                return;
            }
            told = true;
        }
        Failure reason = ongoing.endedBy();
        body.end(broken.exception(reason == null ? LEFT : reason, reason == null ? null : ongoing.report()));
    }
}
