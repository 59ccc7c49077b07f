// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.node.ObjectNode;

/** The sockets of a {@link FakeGateway}: its files, its data, its admin actions. */
final class FakeServer implements AutoCloseable {
    private static final String FILES = "/dev/holdfast/gateway/dashboard/";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "css", "text/css", "js", "text/javascript", "svg", "image/svg+xml");

    private final FakeGateway gateway;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });
    private HttpServer server;

    FakeServer(FakeGateway gateway) {
        this.gateway = gateway;
        this.server = listen(0);
    }

    private HttpServer listen(int port) {
        HttpServer made;
        try {
            made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        made.createContext("/", this::handle);
        made.setExecutor(threads);
        made.start();
        return made;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    void stop() {
        server.stop(0);
    }

    /** On the port where it was. */
    void listenAgain() {
        server = listen(server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        if (path.startsWith("/admin/")) {
            admin(exchange, path);
        } else if (path.startsWith("/api/")) {
            api(exchange, path);
        } else {
            file(exchange, path);
        }
    }

    private boolean hasKey(HttpExchange exchange) {
        return ("Bearer " + gateway.adminKey)
                .equals(exchange.getRequestHeaders().getFirst("authorization"));
    }

    private void admin(HttpExchange exchange, String path) throws IOException {
        if (gateway.adminKey == null) {
            answer(exchange, 403, FakeGateway.JSON.createObjectNode());
        } else if (!hasKey(exchange)) {
            answer(exchange, 401, FakeGateway.JSON.createObjectNode());
        } else if (path.startsWith("/admin/targets/")
                && !gateway.knows(URLDecoder.decode(path.split("/")[3], StandardCharsets.UTF_8))) {
            answer(exchange, 404, FakeGateway.JSON.createObjectNode());
        } else {
            gateway.actions.add(exchange.getRequestMethod() + " " + path);
            if (path.equals("/admin/drain")) {
                gateway.drain();
            }
            answer(
                    exchange,
                    200,
                    FakeGateway.JSON.createObjectNode().put("target", "x").put("state", "open"));
        }
    }

    private void api(HttpExchange exchange, String path) throws IOException {
        if (gateway.apiNeedsKey && !hasKey(exchange)) {
            answer(exchange, 401, FakeGateway.JSON.createObjectNode());
        } else if (path.equals("/api/history")) {
            answer(exchange, 200, gateway.history());
        } else if (path.equals("/api/events")) {
            exchange.getResponseHeaders().set("content-type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            gateway.watch(exchange.getResponseBody());
        } else {
            answer(exchange, 200, gateway.state());
        }
    }

    private static void answer(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        send(exchange, status, "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void file(HttpExchange exchange, String path) throws IOException {
        String name = path.equals("/") ? "index.html" : path.substring(1);
        try (InputStream file = FakeServer.class.getResourceAsStream(FILES + name)) {
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            if (file == null || type == null) {
                send(exchange, 404, "text/plain", new byte[0]);
            } else {
                send(exchange, 200, type, file.readAllBytes());
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("content-type", type);
        exchange.getResponseHeaders()
                .set(
                        "content-security-policy",
                        "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors"
                                + " 'none'");
        exchange.getResponseHeaders().set("x-content-type-options", "nosniff");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
