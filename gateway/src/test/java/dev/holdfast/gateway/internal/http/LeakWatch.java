// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Whether Netty's buffers all come back: its detector follows every one and tells of those that the collector found first. */
final class LeakWatch implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(ResourceLeakDetector.class.getName());

    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
                leaks.add(entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    LeakWatch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        LOGGER.addHandler(handler);
        LOGGER.setUseParentHandlers(false);
    }

    /** Lets the collector find what was forgotten, and the detector tell it, which it does when a buffer is allocated. */
    void assertNone() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            System.runFinalization();
            ByteBufAllocator.DEFAULT.buffer(1).release();
        }
        assertThat(leaks).isEmpty();
    }

    List<String> leaks() {
        return leaks;
    }

    @Override
    public void close() {
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
        ResourceLeakDetector.setLevel(before);
    }
}
