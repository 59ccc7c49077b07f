// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.anthropic;

import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpRequestBody;
import com.anthropic.core.http.HttpResponse;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.TransportRequest;
import dev.holdfast.llm.wire.BlockingTransport;
import dev.holdfast.llm.wire.WireRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sends the attempts of one call through an HTTP client of the SDK. */
record SdkTransport(HttpClient inner, HttpRequest original, WireRequest wire, RequestOptions options, boolean async)
        implements BlockingTransport.Opener {

    @Override
    public CompletableFuture<BlockingTransport.Opened> open(TransportRequest request) {
        HttpRequest addressed = addressed(request);
        if (async) {
            CompletableFuture<HttpResponse> sent = inner.executeAsync(addressed, options);
            CompletableFuture<BlockingTransport.Opened> opened = sent.thenApply(Opened::new);
            opened.whenComplete((response, error) -> {
                if (opened.isCancelled()) {
                    sent.cancel(true);
                    sent.thenAccept(HttpResponse::close);
                }
            });
            return opened;
        }
        return CompletableFuture.supplyAsync(
                () -> new Opened(inner.execute(addressed, options)), BlockingTransport.threads());
    }

    /** The request as the SDK wrote it, but for what the attempt changes: endpoint, headers, the model in the body. */
    private HttpRequest addressed(TransportRequest request) {
        HttpRequest.Builder changed = original.toBuilder();
        String uri = request.uri().toString();
        if (!uri.equals(wire.uri().toString())) {
            changed.baseUrl(uri.substring(0, uri.length() - wire.path().length()));
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        request.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        if (original.body().isPresent()) {
            headers.keySet().removeIf(name -> name.equalsIgnoreCase("content-type"));
        }
        changed.headers(headers);
        if (request.body() != wire.body()) {
            changed.body(new Bytes(request.body(), contentType()));
        }
        return changed.build();
    }

    private String contentType() {
        return original.body().map(HttpRequestBody::contentType).orElse("application/json");
    }

    /** A body that can be sent again and again. */
    private record Bytes(byte[] bytes, String type) implements HttpRequestBody {
        @Override
        public void writeTo(OutputStream out) {
            try {
                out.write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String contentType() {
            return type;
        }

        @Override
        public long contentLength() {
            return bytes.length;
        }

        @Override
        public boolean repeatable() {
            return true;
        }

        @Override
        public void close() {}
    }

    private record Opened(HttpResponse response, ResponseHead head) implements BlockingTransport.Opened {
        Opened(HttpResponse response) {
            this(response, new ResponseHead(response.statusCode(), headers(response)));
        }

        private static Map<String, List<String>> headers(HttpResponse response) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            response.headers()
                    .names()
                    .forEach(name -> headers.put(name, response.headers().values(name)));
            return headers;
        }

        @Override
        public InputStream body() {
            return response.body();
        }

        @Override
        public void close() {
            response.close();
        }
    }
}
