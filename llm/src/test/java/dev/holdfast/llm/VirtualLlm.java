// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.Conservation;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.llm.internal.Futures;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Models made of mocks on an engine in virtual time: nothing waits, and everything runs on the thread of the test. */
public final class VirtualLlm {
    public final VirtualHoldfast holdfast;
    public final MockProvider mock;
    public final Llm llm;

    /** One model with this script. */
    public VirtualLlm(MockAnswer... script) {
        this(config -> config, script);
    }

    public VirtualLlm(UnaryOperator<ResilienceConfig> change, MockAnswer... script) {
        this(new VirtualHoldfast(change), builder -> builder.answers(script));
    }

    /** One model, changed as said. */
    public VirtualLlm(Consumer<MockProvider.Builder> change) {
        this(new VirtualHoldfast(), change);
    }

    private VirtualLlm(VirtualHoldfast holdfast, Consumer<MockProvider.Builder> change) {
        this.holdfast = holdfast;
        MockProvider.Builder builder = MockProvider.builder().time(holdfast.time, holdfast.time, holdfast.time);
        change.accept(builder);
        mock = builder.build();
        llm = Llm.builder().provider(mock).holdfast(holdfast.engine).build();
    }

    /** Lets time pass until all is done, and gives the value. */
    public <T> T value(CompletableFuture<T> future) throws Exception {
        holdfast.run();
        return future.get();
    }

    /** Lets time pass until all is done, and gives what the future failed with. */
    public Throwable error(CompletableFuture<?> future) throws InterruptedException {
        holdfast.run();
        try {
            throw new AssertionError("it did not fail: " + future.get());
        } catch (ExecutionException e) {
            return Futures.unwrapped(e);
        }
    }

    /** The time since the start. */
    public Duration elapsed() {
        return Duration.ofNanos(holdfast.time.nanos());
    }

    public void assertAllReturned() {
        Conservation.assertAllReturned(holdfast.engine);
    }
}
