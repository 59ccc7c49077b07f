// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.Permit;
import dev.holdfast.target.internal.Pass;
import dev.holdfast.target.internal.TargetState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A grant that its owner, one thread, gives back unless something has taken it over before, which any thread can bring
 * about. Exactly one of the two happens.
 *
 * <p>Memory ordering: the owner ends without an atomic operation on this object, so that the compiler may keep it on the
 * stack while nobody else knows it. He writes {@link #over}, then looks at {@link #rest}. Who wants a successor proposes one
 * in {@link #rest}, by compare-and-set from null, then looks at {@link #over}. A fence lies between the two steps on both
 * sides, so at least one sees the other. If the owner sees no proposal, he has ended, and whoever proposes later sees that.
 * If no end is seen, the successor has taken over, and the owner will find it. Where each sees the other both say that it
 * came too late; but a third one may have looked before there was an end, so what holds is what settles the proposal first,
 * by one more compare-and-set.
 *
 * @param <W> what can take over
 */
abstract class Handover<W> extends Grant {
    private static final VarHandle REST;
    private static final VarHandle OVER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            REST = lookup.findVarHandle(Handover.class, "rest", Object.class);
            OVER = lookup.findVarHandle(Handover.class, "over", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What takes over unless the owner has ended. */
    private record Proposal<W>(W successor) {}

    /** What came too late; it stays, so that all who ask get the same. */
    private record Late<W>(W successor) {}

    /** Null, then perhaps a {@link Proposal}, then what has taken over or is {@link Late}. */
    @SuppressWarnings("FieldMayBeFinal") // changed through REST
    private volatile @Nullable Object rest;

    /** Whether the owner has said that this is over, which holds unless something has taken over before. */
    @SuppressWarnings("UnusedVariable") // through OVER
    private boolean over;

    /** The slot must have been taken, and the permit acquired, before. */
    Handover(TargetState target, Permit permit, int slot, long startNanos) {
        super(target, permit, Pass.FREE, slot, startNanos, 0);
    }

    /** Makes what takes over; it may turn out to be too late. */
    abstract W successor();

    /** It holds nothing. Idempotent. */
    abstract void isVoid(W late);

    /**
     * Whether this is over by the owner, who then gives back, and nobody else. False where something has taken over. To be
     * called by the owner, once.
     */
    final boolean end() {
        if (rest != null) {
            return false;
        }
        OVER.setOpaque(this, true);
        VarHandle.fullFence();
        Object known = rest;
        return known == null || settled(known) instanceof Late;
    }

    final boolean isOver() {
        return (boolean) OVER.getVolatile(this);
    }

    /** What has taken over; null where nothing has. */
    @SuppressWarnings("unchecked") // nothing else is there
    final @Nullable W taker() {
        Object known = rest;
        return known instanceof Proposal || known instanceof Late ? null : (W) known;
    }

    /** What took over, made now if nothing has; where this is over already, what is void. */
    @SuppressWarnings("unchecked") // nothing else is there
    final W whole() {
        Object known = rest;
        if (known == null) {
            Proposal<W> made = new Proposal<>(successor());
            Object before = REST.compareAndExchange(this, null, made);
            known = before == null ? made : before;
        }
        Object settled = settled(known);
        if (settled instanceof Late) {
            W late = ((Late<W>) settled).successor;
            isVoid(late);
            return late;
        }
        return (W) settled;
    }

    /** What has taken over, or that it came too late. */
    private Object settled(Object known) {
        if (!(known instanceof Proposal<?> proposal)) {
            return known;
        }
        Object settled = isOver() ? new Late<>(proposal.successor) : proposal.successor;
        Object before = REST.compareAndExchange(this, proposal, settled);
        return before == proposal ? settled : before;
    }
}
