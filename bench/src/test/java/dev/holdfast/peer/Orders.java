// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.peer;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that fails as often as it is told to, and then answers. */
final class Orders {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int failures;

    Orders failing(int times) {
        asked.set(0);
        failures = times;
        return this;
    }

    int asked() {
        return asked.get();
    }

    String ask() throws IOException {
        if (asked.incrementAndGet() <= failures) {
            throw new IOException("connection reset");
        }
        return "shipped";
    }

    CompletionStage<String> askAsync() {
        try {
            return CompletableFuture.completedFuture(ask());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Never answers; cancelling it counts nothing. */
    CompletableFuture<String> hang() {
        asked.incrementAndGet();
        return new CompletableFuture<>();
    }
}
