// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Reach;
import dev.holdfast.target.BlockInfo;
import dev.holdfast.time.Nanos;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A credential and whether it can work. Blocks stand beside the circuit: a bad key says nothing about the target's health,
 * and a healthy target does not make the key good. Thread-safe; every change is one compare-and-set.
 */
public final class Credential {
    private static final VarHandle BLOCK;

    static {
        try {
            BLOCK = MethodHandles.lookup().findVarHandle(Credential.class, "block", Block.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final List<TargetState> members = new CopyOnWriteArrayList<>();

    @SuppressWarnings("FieldMayBeFinal") // changed through BLOCK
    private volatile @Nullable Block block;

    void join(TargetState member) {
        members.add(member);
    }

    void drop(TargetState member) {
        members.remove(member);
    }

    boolean unused() {
        return members.isEmpty();
    }

    /** Whether nothing has ever been said against it, or nothing is any more. */
    boolean isFree() {
        return block == null;
    }

    /** Whether a call may use it now, perhaps as the one live call that tries. */
    public boolean usable(long nowNanos) {
        Block current = block;
        return current == null || current.over(nowNanos) || current.trialFree(nowNanos);
    }

    /** When it may be used; {@code nowNanos} or earlier for at once. */
    public long returnAtNanos(long nowNanos) {
        Block current = block;
        return current == null ? nowNanos : current.returnAtNanos();
    }

    /** What stands in the way, as the provider said it; null when nothing does. */
    public @Nullable Failure blockedBy() {
        Block current = block;
        return current == null ? null : current.failure();
    }

    public @Nullable BlockInfo info(long nowNanos) {
        Block current = block;
        return current == null
                ? null
                : new BlockInfo(
                        current.failure(),
                        Duration.ofNanos(nowNanos - current.sinceNanos()),
                        Duration.ofNanos(Nanos.left(current.returnAtNanos(), nowNanos)));
    }

    /**
     * Asks to use it.
     *
     * @return {@link Pass#FREE}, {@link Pass#NO}, or a trial that the caller must give back by {@link #ended} once
     */
    public Pass acquire(long nowNanos, long leaseNanos) {
        while (true) {
            Block current = block;
            if (current == null) {
                return Pass.FREE;
            }
            if (current.over(nowNanos)) {
                unblock(current);
            } else if (!current.trialFree(nowNanos)) {
                return Pass.NO;
            } else {
                Block trial = current.withTrial(Nanos.add(nowNanos, leaseNanos));
                if (BLOCK.compareAndSet(this, current, trial)) {
                    return new Pass.Trial(trial);
                }
            }
        }
    }

    /**
     * An attempt with this credential ended.
     *
     * @param pass what {@link #acquire} gave it
     * @param failure null for success or for an end that says nothing
     */
    public void ended(Pass pass, boolean success, @Nullable Failure failure, TargetState on, long nowNanos) {
        Failure blocking = failure != null && blocks(failure) && !on.target().passThrough() ? failure : null;
        if (pass instanceof Pass.Trial trial) {
            if (success) {
                unblock(trial.block());
            } else if (blocking != null) {
                replace(trial.block(), trial.block().again(blocking, nowNanos), nowNanos);
            } else {
                BLOCK.compareAndSet(this, trial.block(), trial.block().withTrial(0));
            }
        } else if (blocking != null) {
            replace(null, Block.first(blocking, nowNanos), nowNanos);
        }
    }

    /** Forgets the block. */
    public void reset() {
        Block current = block;
        if (current != null) {
            unblock(current);
        }
    }

    private static boolean blocks(Failure failure) {
        return failure.reach() == Reach.CREDENTIAL
                && (failure.category() == Category.AUTH || failure.category() == Category.QUOTA_EXHAUSTED);
    }

    private void replace(@Nullable Block expected, Block next, long nowNanos) {
        if (BLOCK.compareAndSet(this, expected, next)) {
            for (TargetState member : members) {
                member.blocked(next.failure(), Nanos.left(next.untilNanos(), nowNanos));
            }
        }
    }

    private void unblock(Block expected) {
        if (BLOCK.compareAndSet(this, expected, null)) {
            for (TargetState member : members) {
                member.unblocked();
            }
        }
    }
}
