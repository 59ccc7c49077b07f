// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of hosts, from the JDK with its cache and its view of the hosts file. A look-up can block for seconds, so it
 * runs on threads of its own, which are daemons and end when they have nothing to do; what is an address already, and
 * {@code localhost}, is answered at once. Thread-safe.
 */
final class Names {
    private static final int MAX_THREADS = 8;
    private static final long THREAD_IDLE_SECONDS = 10;

    private final ThreadPoolExecutor lookups;

    Names() {
        lookups = new ThreadPoolExecutor(
                MAX_THREADS, MAX_THREADS, THREAD_IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "holdfast-netty-names");
                    thread.setDaemon(true);
                    return thread;
                });
        lookups.allowCoreThreadTimeOut(true);
    }

    /** What a name stands for: at least one address, or why there is none. */
    record Answer(InetAddress[] addresses, @Nullable UnknownHostException error) {}

    /** Answers on this thread if it can at once, else on the loop. */
    void resolve(String host, Loop loop, Consumer<Answer> then) {
        Answer known = known(host);
        if (known != null) {
            then.accept(known);
            return;
        }
        try {
            lookups.execute(() -> {
                Answer found = look(host);
                loop.run(() -> then.accept(found));
            });
        } catch (RejectedExecutionException closed) {
            then.accept(unknown(host));
        }
    }

    void close() {
        lookups.shutdownNow();
    }

    private static @Nullable Answer known(String host) {
        InetAddress address = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)
                ? NetUtil.createInetAddressFromIpAddressString(host)
                : null;
        if (address != null) {
            return new Answer(new InetAddress[] {address}, null);
        }
        return host.equals("localhost")
                ? new Answer(new InetAddress[] {NetUtil.LOCALHOST4, NetUtil.LOCALHOST6}, null)
                : null;
    }

    private static Answer look(String host) {
        try {
            return new Answer(InetAddress.getAllByName(host), null);
        } catch (UnknownHostException | SecurityException e) {
            return unknown(host);
        }
    }

    private static Answer unknown(String host) {
        return new Answer(new InetAddress[0], new UnknownHostException(host));
    }
}
