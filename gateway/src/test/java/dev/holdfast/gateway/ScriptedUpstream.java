// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A server that answers every request with the same bytes, piece by piece, and keeps what it was sent. */
final class ScriptedUpstream implements AutoCloseable {
    record Received(String path, Headers headers, String body) {}

    final List<Received> received = new CopyOnWriteArrayList<>();
    /** Bytes of bodies that have been taken from it. */
    final AtomicLong sent = new AtomicLong();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** @param pieces of the body, each sent at once */
    ScriptedUpstream(int status, String contentType, byte[]... pieces) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
            exchange.getResponseHeaders().set("content-type", contentType);
            exchange.sendResponseHeaders(status, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (byte[] piece : pieces) {
                    out.write(piece);
                    out.flush();
                    sent.addAndGet(piece.length);
                }
            }
        });
        server.start();
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
