// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Notes the signals of one exchange. */
public final class Recorder implements TransportListener {
    public final List<String> signals = new CopyOnWriteArrayList<>();
    public final CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
    public final CompletableFuture<ResponseHead> head = new CompletableFuture<>();
    public final CompletableFuture<ByteBuffer> firstBytes = new CompletableFuture<>();
    /** Completes with null after onEnd, with the error after onFailure. */
    public final CompletableFuture<@Nullable Throwable> over = new CompletableFuture<>();

    public final BoundedBody body = new BoundedBody(1 << 20);
    public volatile long received;

    public String text() {
        return new String(body.toBytes(), StandardCharsets.UTF_8);
    }

    public Throwable failure() throws Exception {
        return over.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void onConnected() {
        signals.add("connected");
    }

    @Override
    public void onRequestSent() {
        signals.add("sent");
        sent.complete(null);
    }

    @Override
    public void onHead(ResponseHead received) {
        signals.add("head " + received.status());
        head.complete(received);
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        signals.add("bytes");
        received += bytes.remaining();
        firstBytes.complete(bytes.duplicate());
        body.add(bytes);
    }

    @Override
    public void onEnd() {
        signals.add("end");
        over.complete(null);
    }

    @Override
    public void onFailure(Throwable error) {
        signals.add("failure");
        over.complete(error);
    }
}
