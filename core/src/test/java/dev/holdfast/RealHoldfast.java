// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.time.Ticker;
import dev.holdfast.time.WheelTimer;
import java.util.function.UnaryOperator;

/** An engine in real time with a timer of its own, so that what is pending there is this engine's alone. */
public final class RealHoldfast implements AutoCloseable {
    public final WheelTimer timer = new WheelTimer(Ticker.system(), "test-timer");
    public final Holdfast engine;

    public RealHoldfast() {
        this(builder -> builder);
    }

    public RealHoldfast(UnaryOperator<HoldfastBuilder> change) {
        engine = change.apply(Holdfast.builder().time(Ticker.system(), timer)).build();
    }

    public void awaitAllReturned() {
        Conservation.awaitAllReturned(engine);
    }

    @Override
    public void close() {
        engine.close();
        timer.close();
    }
}
