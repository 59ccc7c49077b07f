// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.EventListener;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import dev.holdfast.time.WheelTimer;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The one place with static state: what every engine of the process shares unless it is told otherwise. Thread-safe.
 * Everything is made at first use.
 */
public final class HoldfastRuntime {
    private static final int POOL_THREADS = 64;

    private static final List<EventListener> GLOBAL_LISTENERS = new CopyOnWriteArrayList<>();

    private static final Map<Class<?>, Object> SHARED = new ConcurrentHashMap<>();

    /** The context of the attempt that runs on this thread, for engines with the thread bridge on. */
    static final ThreadLocal<@Nullable CallContext> CURRENT_CONTEXT = new ThreadLocal<>();

    private HoldfastRuntime() {}

    /**
     * The default engine with the default configuration. Its targets share circuits, budgets and blocks process-wide. It
     * cannot be closed.
     */
    public static Holdfast defaultHoldfast() {
        return DefaultHoldfast.INSTANCE;
    }

    /** The process-wide timer: one daemon thread, started at first use. */
    public static Timer timer() {
        return DefaultTimer.INSTANCE;
    }

    /** The process-wide executor: virtual threads where the JDK has them, else a bounded pool of daemon threads. */
    public static Executor executor() {
        return DefaultExecutor.INSTANCE;
    }

    /**
     * Adds a listener to every engine of the process, those that exist included.
     *
     * @return takes the listener away again; may be called from within the listener
     */
    public static Runnable addListener(EventListener listener) {
        GLOBAL_LISTENERS.add(listener);
        EventHub.refreshAll();
        return () -> {
            GLOBAL_LISTENERS.remove(listener);
            EventHub.refreshAll();
        };
    }

    static List<EventListener> globalListeners() {
        return GLOBAL_LISTENERS;
    }

    /**
     * The process-wide object of a type, made at first use. For the rooms above, so that what they share has its place
     * here too.
     */
    public static <T> T shared(Class<T> type, Supplier<T> maker) {
        return type.cast(SHARED.computeIfAbsent(type, ignored -> maker.get()));
    }

    /** The watch over blocking attempts of all engines that use the default timer: one sweep serves them all. */
    static BlockingWatch blockingWatch() {
        return DefaultTimer.WATCH;
    }

    /** Chance that is safe to share between threads. */
    static RandomGenerator random() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    private static final class DefaultHoldfast {
        static final Holdfast INSTANCE = Holdfast.builder().unclosable().build();
    }

    private static final class DefaultTimer {
        static final Timer INSTANCE = new WheelTimer(Ticker.system(), "holdfast-timer");
        static final BlockingWatch WATCH = new BlockingWatch(Ticker.system(), INSTANCE);
    }

    private static final class DefaultExecutor {
        static final Executor INSTANCE = virtualThreadsOrPool();

        private static Executor virtualThreadsOrPool() {
            try {
                Object executor = Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
                return (Executor) executor;
            } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
                return pool();
            }
        }

        private static Executor pool() {
            AtomicInteger count = new AtomicInteger();
            ThreadFactory threads = task -> {
                Thread thread = new Thread(task, "holdfast-" + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            };
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    POOL_THREADS, POOL_THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }
}
