// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that gives the same answer to everything, and keeps what it was sent last. */
public final class OnePage implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Headers headers = new Headers();
    private volatile String received = "";

    public OnePage(String contentType, String body) throws IOException {
        this(200, contentType, body);
    }

    public OnePage(int status, String contentType, String body) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            headers = exchange.getRequestHeaders();
            String head = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
            received = head + "\n" + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", contentType);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public int requests() {
        return requests.get();
    }

    /** A header of the last request; null when it had none. */
    public String header(String name) {
        return headers.getFirst(name);
    }

    String received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
