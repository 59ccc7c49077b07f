// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.wire.WireGuard;
import dev.holdfast.llm.wire.WireRequest;
import dev.holdfast.llm.wire.WireResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.Okio;

/** Guards each request of a google-genai client at OkHttp's seam; docs/official-sdks.md prints it. */
final class GuardedGemini implements Interceptor {
    private final WireGuard guard;
    private final Transport transport;

    GuardedGemini(Holdfast holdfast) {
        guard = WireGuard.gemini(holdfast, (failure, report) -> new ProviderException(failure, 0, Map.of()));
        transport = HoldfastRuntime.shared(JdkTransport.class, () -> new JdkTransport(HoldfastRuntime.executor()));
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        CompletableFuture<WireResponse> call = guard.send(wire(request), transport, CallOptions.none());
        try {
            return response(request, call.get());
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the calling thread was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CallException failed) {
                throw failed;
            }
            throw new IOException(e.getCause());
        }
    }

    private static WireRequest wire(Request request) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        request.headers().names().forEach(name -> headers.put(name, String.join(", ", request.headers(name))));
        RequestBody body = request.body();
        Buffer bytes = new Buffer();
        if (body != null) {
            body.writeTo(bytes);
            MediaType type = body.contentType();
            if (type != null) {
                headers.put("content-type", type.toString());
            }
        }
        HttpUrl url = request.url();
        String base = url.resolve("/").toString().replaceAll("/$", "");
        String path = url.toString().substring(base.length());
        return new WireRequest(
                request.method(), base, path, headers, bytes.readByteArray(), body == null || !body.isOneShot());
    }

    private static Response response(Request request, WireResponse answered) {
        Headers.Builder headers = new Headers.Builder();
        answered.head()
                .headers()
                .forEach((name, values) -> values.forEach(value -> headers.addUnsafeNonAscii(name, value)));
        MediaType type = MediaType.parse(answered.head().mediaType());
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(answered.head().status())
                .message("")
                .headers(headers.build())
                .body(ResponseBody.create(Okio.buffer(Okio.source(answered.body())), type, -1))
                .build();
    }
}
