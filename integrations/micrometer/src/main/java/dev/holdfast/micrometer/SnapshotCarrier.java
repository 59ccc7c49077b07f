// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import dev.holdfast.ContextCarrier;
import dev.holdfast.ContextScope;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;

/**
 * Carries what the application has registered with Micrometer's context propagation, an MDC or the current observation for
 * example, from the thread that makes a call to those that run its attempts.
 *
 * <pre>{@code
 * ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
 * holdfast.addCarrier(SnapshotCarrier.create());
 * }</pre>
 *
 * <p>Thread-safe. Needs {@code io.micrometer:context-propagation}.
 */
public final class SnapshotCarrier implements ContextCarrier {
    private final ContextSnapshotFactory snapshots;

    private SnapshotCarrier(ContextSnapshotFactory snapshots) {
        this.snapshots = Objects.requireNonNull(snapshots, "snapshots");
    }

    /** Of the registry of the process; a thread that works for a call has nothing but what was carried. */
    public static SnapshotCarrier create() {
        return of(ContextSnapshotFactory.builder().clearMissing(true).build());
    }

    /** As this factory captures. */
    public static SnapshotCarrier of(ContextSnapshotFactory snapshots) {
        return new SnapshotCarrier(snapshots);
    }

    @Override
    public Carried capture() {
        ContextSnapshot snapshot = snapshots.captureAll();
        return () -> {
            ContextSnapshot.Scope scope = snapshot.setThreadLocals();
            return (ContextScope) scope::close;
        };
    }
}
