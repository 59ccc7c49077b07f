// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.internal;

import dev.holdfast.HoldfastRuntime;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where code of LangChain4j waits: its parsers and its models block. Virtual threads where the JDK has them, else daemon
 * threads without a limit, because with one those that wait would starve those that could go on.
 */
public final class WaitingThreads {
    private final Executor executor = virtualOrPlain();

    private WaitingThreads() {}

    public static Executor executor() {
        return HoldfastRuntime.shared(WaitingThreads.class, WaitingThreads::new).executor;
    }

    private static Executor virtualOrPlain() {
        try {
            return (Executor)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            AtomicInteger count = new AtomicInteger();
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "holdfast-waiting-" + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        }
    }
}
