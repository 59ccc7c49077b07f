// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends the id of the call that the sending thread is making, if it is making one. */
public final class CallIds implements Transport {
    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

    private final Transport transport;

    public CallIds(Transport transport) {
        this.transport = transport;
    }

    static void begin(String id) {
        CURRENT.set(id);
    }

    static @Nullable String current() {
        return CURRENT.get();
    }

    static void end() {
        CURRENT.remove();
    }

    @Override
    public Exchange send(TransportRequest request, TransportListener listener) {
        String id = CURRENT.get();
        if (id == null) {
            return transport.send(request, listener);
        }
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        headers.put(Question.HEADER, id);
        return transport.send(
                new TransportRequest(
                        request.method(), request.uri(), headers, request.body(), request.connectTimeout()),
                listener);
    }

    @Override
    public void close() {
        transport.close();
    }
}
