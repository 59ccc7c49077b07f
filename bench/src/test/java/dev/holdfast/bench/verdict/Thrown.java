// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.ResourceAccessException;

/** Throws again what the corpus holds as text: {@code class: message <- class: message}, outermost first. */
final class Thrown {
    /** Classes of clients that are not on the class path, by the JDK class that stands for them when judges look. */
    private static final Map<String, Class<? extends Exception>> STAND_INS = Map.of(
            "okhttp3.internal.http2.StreamResetException", IOException.class,
            "org.apache.hc.core5.http.NoHttpResponseException", IOException.class,
            "org.apache.hc.core5.http.ConnectionClosedException", IOException.class,
            "reactor.netty.http.client.PrematureCloseException", IOException.class,
            "io.netty.channel.AbstractChannel$AnnotatedConnectException", ConnectException.class,
            "reactor.core.Exceptions$ReactiveException", RuntimeException.class,
            "io.netty.handler.timeout.ReadTimeoutException", SocketTimeoutException.class);

    private Thrown() {}

    /** The outermost exception with its causes. */
    static Exception from(ErrorCase error) {
        if (error.exception() == null) {
            throw new IllegalArgumentException(error.id() + " holds no exception");
        }
        Deque<String> inwards = new ArrayDeque<>();
        for (String part : error.exception().split(" <- ")) {
            inwards.push(part);
        }
        Exception thrown = null;
        for (String part : inwards) {
            thrown = make(part, thrown);
        }
        if (thrown == null) {
            throw new IllegalArgumentException(error.id() + " names no exception");
        }
        return thrown;
    }

    /** The first I/O exception of the chain, or null. */
    static @Nullable IOException io(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof IOException io) {
                return io;
            }
        }
        return null;
    }

    private static Exception make(String part, @Nullable Exception cause) {
        int colon = part.indexOf(": ");
        String name = part.substring(0, colon);
        String message = part.substring(colon + 2).equals("null") ? null : part.substring(colon + 2);
        try {
            Class<?> type = STAND_INS.containsKey(name) ? STAND_INS.get(name) : Class.forName(name);
            if (type == UncheckedIOException.class) {
                return new UncheckedIOException(message, cause instanceof IOException io ? io : new IOException(cause));
            }
            if (type == ResourceAccessException.class) {
                return new ResourceAccessException(message, new IOException(message));
            }
            Exception made =
                    (Exception) type.getDeclaredConstructor(String.class).newInstance(message);
            if (cause != null && made.getCause() == null) {
                made.initCause(cause);
            }
            return made;
        } catch (NoSuchMethodException withoutMessage) {
            return bare(name);
        } catch (ReflectiveOperationException unknown) {
            throw new IllegalStateException("add a stand-in for " + name, unknown);
        }
    }

    private static Exception bare(String name) {
        try {
            return (Exception) Class.forName(name).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException unknown) {
            throw new IllegalStateException("add a stand-in for " + name, unknown);
        }
    }
}
