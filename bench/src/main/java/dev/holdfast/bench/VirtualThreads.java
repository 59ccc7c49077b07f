// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Virtual threads for JMH to measure on, named by {@code jmh.executor.class}. JMH's own executor of them yields after each
 * operation, and then nothing but the yield is measured. These do not yield, so each needs a carrier: see {@link
 * #jvmArguments}.
 */
public final class VirtualThreads extends ThreadPoolExecutor {
    /** JMH gives the number of threads and a prefix of their names. */
    public VirtualThreads(int threads, String prefix) throws ReflectiveOperationException {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory());
    }

    /** By name, because the code must compile on a JDK without virtual threads. */
    private static ThreadFactory factory() throws ReflectiveOperationException {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        return (ThreadFactory)
                Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    }

    /** What the measuring JVM needs for so many of them. */
    static String[] jvmArguments(int threads) {
        return new String[] {
            "-Djmh.executor=CUSTOM",
            "-Djmh.executor.class=" + VirtualThreads.class.getName(),
            "-Djdk.virtualThreadScheduler.parallelism=" + threads,
            "-Djdk.virtualThreadScheduler.maxPoolSize=" + threads
        };
    }
}
