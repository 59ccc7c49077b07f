// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Targets;
import dev.holdfast.time.Nanos;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An end that finds an attempt uncommitted, and comes to its call when the attempt has committed after all. */
class CommitRaceTest {
    private static final Targets A = Targets.named("a/one");

    private final VirtualHoldfast holdfast = new VirtualHoldfast();
    private final CompletableFuture<Object> stage = new CompletableFuture<>();
    private OngoingAttempt handle;

    /** The call whose attempt commits in the last moment before somebody ends it; it may be cancelled in its commit too. */
    private final class Committing extends Call<Object, Object> {
        private final boolean cancelledToo;

        Committing(AttemptFunction<Object> function, boolean cancelledToo) {
            super(holdfast.engine, holdfast.engine.resolve(A, 0), function, CallOptions.none(), 0, Nanos.NEVER);
            this.cancelledToo = cancelledToo;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            stage.complete("first words");
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public boolean completeExceptionally(Throwable error) {
            stage.complete("first words");
            return super.completeExceptionally(error);
        }

        /** What a commit does between its word to the call and its word to the caller. */
        @Override
        Object visible(Object value, AttemptRun<Object> attempt, long nowNanos) {
            if (!cancelledToo) {
                return value;
            }
            super.cancel(true);
            return value;
        }
    }

    private Committing begun(boolean cancelledToo) {
        Committing call = new Committing(
                attempt -> {
                    handle = attempt.goesOn();
                    return stage;
                },
                cancelledToo);
        call.begin();
        return call;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void consumerThatLeavesWhileItsAttemptCommitsEndsIt(boolean callIsCancelledToo) {
        Committing call = begun(callIsCancelledToo);

        handle.cancel();

        assertThat(call.isCancelled()).isEqualTo(callIsCancelledToo);
        assertThat(handle.isOver()).isTrue();
        assertThat(holdfast.ends()).containsExactly(Outcome.CANCELLED);
        assertThat(holdfast.events(CallEvent.AttemptCommitted.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void closeThatComesWhileAnAttemptCommitsEndsItAndSaysWhy() {
        Committing call = begun(false);

        holdfast.engine.close();

        assertThat(call).isCompletedWithValue("first words");
        assertThat(handle.isOver()).isTrue();
        assertThat(Objects.requireNonNull(handle.endedBy()).message()).contains("closed");
        assertThat(holdfast.ends()).containsExactly(Outcome.CANCELLED);
        holdfast.assertAllReturned();
    }
}
