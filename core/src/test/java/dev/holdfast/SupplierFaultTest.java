// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.error;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.target.Targets;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Code of users that breaks its contract: an ordinary failure of the call, never a broken engine. */
class SupplierFaultTest {
    private static final Targets A = Targets.named("a/one");
    private static final CallOptions NONE = CallOptions.none();

    private final VirtualHoldfast holdfast = new VirtualHoldfast();

    @Test
    void functionThatThrowsIsRetriedLikeAFailedStage() {
        CompletableFuture<Object> call = holdfast.callWith(A, NONE, attempt -> {
            if (attempt.number() == 1) {
                throw new IOException("reset");
            }
            return CompletableFuture.completedFuture("hello");
        });
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void functionThatReturnsNullFailsWithTheReasonInWords() {
        CompletableFuture<Object> call = holdfast.callWith(A, NONE.withMaxAttempts(1), attempt -> null);

        assertThat(callError(call).category()).isEqualTo(Category.UNKNOWN);
        assertThat(callError(call)).hasMessageContaining("returned null instead of a stage");
        holdfast.assertAllReturned();
    }

    @Test
    void stageThatYieldsNullIsASuccess() {
        CompletableFuture<Object> call = holdfast.call(A, new Object[] {CompletableFuture.completedFuture(null)});

        assertThat(call).isCompletedWithValue(null);
        holdfast.assertAllReturned();
    }

    @Test
    void errorIsPassedOnAsItIsAndCounted() {
        StackOverflowError thrown = new StackOverflowError("deep");

        CompletableFuture<Object> call = holdfast.callWith(A, NONE, attempt -> {
            throw thrown;
        });

        assertThat(error(call)).isSameAs(thrown);
        assertThat(holdfast.started).hasSize(1);
        assertThat(holdfast.state(A).circuit().info(0).failures()).isEqualTo(1);
        holdfast.assertAllReturned();
    }

    @Test
    void errorOfAStageIsPassedOnAsItIs() {
        AssertionError thrown = new AssertionError("wrong");
        CompletableFuture<Object> stage = new CompletableFuture<>();
        CompletableFuture<Object> call = holdfast.call(A, stage);

        stage.completeExceptionally(thrown);

        assertThat(error(call)).isSameAs(thrown);
        assertThat(holdfast.started).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void secondCompletionIsIgnored() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        BiConsumer<?, ?>[] callback = new BiConsumer<?, ?>[1];
        CompletableFuture<Object> call =
                holdfast.callWith(A, NONE, attempt -> new OverriddenStage<>(stage, callback, null));

        @SuppressWarnings("unchecked")
        BiConsumer<Object, Throwable> engine = (BiConsumer<Object, Throwable>) callback[0];
        engine.accept("first", null);
        engine.accept("second", null);
        engine.accept(null, fault(Category.SERVER_ERROR));

        assertThat(call).isCompletedWithValue("first");
        assertThat(holdfast.state(A).circuit().info(0).failures()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void stageThatRefusesCallbacksIsAFailure() {
        IllegalStateException broken = new IllegalStateException("no callbacks today");

        CompletableFuture<Object> call = holdfast.callWith(
                A, NONE.withMaxAttempts(1), attempt -> new OverriddenStage<>(new CompletableFuture<>(), null, broken));

        assertThat(callError(call)).hasCause(broken);
        holdfast.assertAllReturned();
    }

    @Test
    void stageThatThrowsWhenItIsCancelledCannotHoldUpTheTimeout() {
        CompletableFuture<Object> call = holdfast.callWith(
                A,
                NONE.withMaxAttempts(1).withTimeouts(TimeoutConfig.defaults().withAttempt(Duration.ofSeconds(1))),
                attempt -> new CompletableFuture<>() {
                    @Override
                    public boolean cancel(boolean mayInterruptIfRunning) {
                        throw new IllegalStateException("cannot cancel");
                    }
                });
        holdfast.time.advance(Duration.ofSeconds(1));

        assertThat(callError(call).category()).isEqualTo(Category.TIMEOUT);
        holdfast.assertAllReturned();
    }

    @Test
    void cancelActionThatThrowsIsNoObstacle() {
        CompletableFuture<Object> call = holdfast.callWith(A, NONE, attempt -> {
            attempt.onCancel(() -> {
                throw new LinkageError("cannot cancel");
            });
            return new CompletableFuture<>();
        });

        call.cancel(true);

        holdfast.assertAllReturned();
    }

    @Test
    void classifierThatThrowsOrReturnsNullMakesTheFailureUnknown() {
        for (Throwable thrown : new Throwable[] {new IllegalStateException("x"), new NoClassDefFoundError("y"), null}) {
            VirtualHoldfast own = new VirtualHoldfast(
                    1,
                    c -> c,
                    builder -> builder.classifier(error -> {
                        if (thrown instanceof RuntimeException e) {
                            throw e;
                        }
                        if (thrown instanceof Error e) {
                            throw e;
                        }
                        return null;
                    }));

            CompletableFuture<Object> call = own.call(A, NONE.withMaxAttempts(1), new IOException("reset"));

            assertThat(callError(call).category()).isEqualTo(Category.UNKNOWN);
            assertThat(callError(call)).hasRootCauseMessage("reset");
            own.assertAllReturned();
        }
    }

    @Test
    void attemptNumbersDoNotOverflow() {
        int many = 33_000;
        VirtualHoldfast own = new VirtualHoldfast(c -> c.withMaxAttempts(many)
                .withBackoff(dev.holdfast.retry.Backoff.fixed(Duration.ofMillis(1)))
                .withBudget(dev.holdfast.retry.BudgetConfig.disabled())
                .withCircuit(dev.holdfast.circuit.CircuitConfig.disabled()));
        int[] last = {0};
        Throwable same = fault(Category.SERVER_ERROR);

        CompletableFuture<Object> call = own.engine.call(A, attempt -> {
            last[0] = attempt.number();
            return attempt.number() < many
                    ? CompletableFuture.failedFuture(same)
                    : CompletableFuture.completedFuture("at last");
        });
        own.run();

        assertThat(call).isCompletedWithValue("at last");
        assertThat(last[0]).isEqualTo(many);
        own.assertAllReturned();
    }

    /** A stage of a foreign kind: it can hand its callback out, or refuse one. */
    private static final class OverriddenStage<T> extends CompletableFuture<T> {
        private final BiConsumer<?, ?>[] handedOut;
        private final RuntimeException refusal;

        OverriddenStage(CompletionStage<T> ignored, BiConsumer<?, ?>[] handedOut, RuntimeException refusal) {
            this.handedOut = handedOut;
            this.refusal = refusal;
        }

        @Override
        public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> action) {
            if (refusal != null) {
                throw refusal;
            }
            handedOut[0] = action;
            return this;
        }
    }
}
