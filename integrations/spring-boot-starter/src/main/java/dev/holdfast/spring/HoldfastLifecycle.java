// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Holdfast;
import org.springframework.context.SmartLifecycle;

/**
 * Ends an engine with its application: once the web server has answered what it had, no new calls are admitted, and those
 * that run are waited for, as long as {@code spring.lifecycle.timeout-per-shutdown-phase} allows. What is left then is ended
 * when the engine is closed as a bean.
 */
final class HoldfastLifecycle implements SmartLifecycle {
    /** After the graceful end of web servers, whose requests may be in the middle of a tool loop. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4 * 1_024;

    private final Holdfast engine;
    private volatile boolean running;

    HoldfastLifecycle(Holdfast engine) {
        this.engine = engine;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        engine.drain().whenComplete((ended, never) -> {
            running = false;
            callback.run();
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
