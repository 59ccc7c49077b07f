// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Watches every buffer of a test class and fails it when one was collected without being released. */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // the one way to see a leak that is not the log
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval, long max) {
                return new Noting<>(resource, interval);
            }
        });
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        LEAKS.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertThat(found()).as("leaked buffers").isEmpty();
    }

    /** What was lost so far: found by the collector, and reported when the next buffer is made. */
    static Queue<String> found() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            for (int j = 0; j < 5; j++) {
                ByteBuf probe = PooledByteBufAllocator.DEFAULT.buffer(64);
                probe.release();
            }
        }
        return LEAKS;
    }

    private static final class Noting<T> extends ResourceLeakDetector<T> {
        @SuppressWarnings("deprecation")
        Noting(Class<?> resource, int interval) {
            super(resource, interval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resource, String records) {
            LEAKS.add(resource + records);
        }

        @Override
        protected void reportUntracedLeak(String resource) {
            LEAKS.add(resource);
        }
    }
}
