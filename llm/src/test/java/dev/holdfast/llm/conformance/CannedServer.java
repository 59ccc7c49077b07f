// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.conformance;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers that the simulator has no word for, chosen by the model's name. */
final class CannedServer implements AutoCloseable {
    private static final String CONTEXT =
            "{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens. However, your messages"
                    + " resulted in 9001 tokens.\",\"type\":\"invalid_request_error\",\"param\":\"messages\","
                    + "\"code\":\"context_length_exceeded\"}}";
    private static final String REFUSAL =
            "data: {\"id\":\"r\",\"model\":\"refusal\",\"choices\":[{\"index\":0,\"delta\":"
                    + "{\"role\":\"assistant\",\"content\":\"I cannot help with that\"}}]}\n\n"
                    + "data: {\"id\":\"r\",\"model\":\"refusal\",\"choices\":[{\"index\":0,\"delta\":{},"
                    + "\"finish_reason\":\"content_filter\"}]}\n\ndata: [DONE]\n\n";

    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();

    CannedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/v1/chat/completions", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.incrementAndGet();
            boolean refusal = body.contains("\"model\":\"refusal\"");
            byte[] answer = (refusal ? REFUSAL : CONTEXT).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", refusal ? "text/event-stream" : "application/json");
            exchange.sendResponseHeaders(refusal ? 200 : 400, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    int requests() {
        return requests.get();
    }

    /** An address where nobody listens. */
    static URI gone() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
