// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * {@link Transport} on {@link HttpClient}. HTTP/1.1 on plain http, where asking for an upgrade to HTTP/2 confuses some
 * model servers; on https HTTP/2 where the server offers it.
 *
 * <p>Connect timeouts belong to the client, so there is one shared client per connect timeout, made when first needed.
 * Signals are delivered on the executor given; the clients' own selector threads are daemons. Java 17 has no way to
 * close a client: {@link #close} cancels the exchanges and lets go of the clients, whose threads and idle connections
 * end when they are collected.
 *
 * <p>Bounds: the header block of a response is limited by the JDK (system property {@code jdk.http.maxHeaderSize},
 * 384 KiB), the body by the demand of the listener.
 *
 * <p>Known limits of the JDK's client, measured on 17 and 25: after a response that is not HTTP, or whose head is too
 * large, it reports the error and reads no further, but leaves the connection for the server to close; and it sends on a
 * pooled connection that the server has just dropped, which shows as an IOException before the head (system property
 * {@code jdk.httpclient.keepalive.timeout}, in seconds, shortens the time for which connections are kept).
 */
public final class JdkTransport implements Transport {
    private final Executor executor;
    private final @Nullable SSLContext sslContext;
    private final Map<Duration, HttpClient> clients = new ConcurrentHashMap<>();
    private final Set<JdkExchange> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param executor runs the listeners' signals; the caller's to shut down, after this transport */
    public JdkTransport(Executor executor) {
        this(executor, null);
    }

    /** @param sslContext trust and client certificates for https; null takes the JDK's default */
    public JdkTransport(Executor executor, @Nullable SSLContext sslContext) {
        this.executor = executor;
        this.sslContext = sslContext;
    }

    @Override
    public Exchange send(TransportRequest request, TransportListener listener) {
        if (closed) {
            throw new IllegalStateException("transport is closed");
        }
        JdkExchange exchange = new JdkExchange(listener, running::remove);
        HttpRequest httpRequest = toHttpRequest(request, exchange);
        HttpClient client = clients.computeIfAbsent(request.connectTimeout(), this::newClient);
        running.add(exchange);
        try {
            exchange.start(client, httpRequest);
        } catch (RuntimeException e) { // the executor refuses
            exchange.cancel();
            throw e;
        }
        if (closed) {
            exchange.cancel();
        }
        return exchange;
    }

    /** Exchanges that have neither ended nor been cancelled. */
    public int inFlight() {
        return running.size();
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(JdkExchange::cancel);
        clients.clear();
    }

    private static HttpRequest toHttpRequest(TransportRequest request, JdkExchange exchange) {
        URI uri = request.uri();
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .version(
                        "https".equalsIgnoreCase(uri.getScheme())
                                ? HttpClient.Version.HTTP_2
                                : HttpClient.Version.HTTP_1_1)
                .method(request.method(), exchange.bodyPublisher(request.body()));
        request.headers().forEach(builder::header);
        return builder.build();
    }

    private HttpClient newClient(Duration connectTimeout) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(connectTimeout)
                .executor(executor)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (sslContext != null) {
            builder.sslContext(sslContext);
        }
        return builder.build();
    }
}
