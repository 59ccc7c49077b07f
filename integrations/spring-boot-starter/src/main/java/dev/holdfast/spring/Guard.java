// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.CallOptions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * What an advisor tells the resilient model within, if there is one: on the thread for plain calls, in the context of the
 * subscription for streams.
 *
 * @param options of the calls within; their deadline is inherited by other means
 * @param adopted to be run by a model within that does the guarding itself
 */
record Guard(CallOptions options, Runnable adopted) {
    private static final ThreadLocal<@Nullable Guard> CURRENT = new ThreadLocal<>();

    /** The call's own options, or those of an advisor around it where it has none. */
    static CallOptions options(CallOptions own) {
        return chosen(own, CURRENT.get());
    }

    /** As {@link #options(CallOptions)}, for a stream. */
    static CallOptions options(CallOptions own, ContextView context) {
        return chosen(own, context.<@Nullable Guard>getOrDefault(Guard.class, null));
    }

    private static CallOptions chosen(CallOptions own, @Nullable Guard guard) {
        if (guard == null) {
            return own;
        }
        guard.adopted().run();
        return own.equals(CallOptions.none()) ? guard.options().withDeadline(null) : own;
    }

    /** Runs on this thread what may find this guard. */
    <V> V around(Supplier<V> code) {
        Guard before = CURRENT.get();
        CURRENT.set(this);
        try {
            return code.get();
        } finally {
            CURRENT.set(before);
        }
    }
}
