// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.internal.http.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One page that watches. What it is too slow for it misses, and it gets the whole state anew when it has caught up, so that
 * nothing piles up for it. Used by one thread at a time.
 */
final class Watcher {
    private final Response response;
    private long behindSinceNanos;
    private boolean behind;

    Watcher(Response response) {
        this.response = response;
    }

    /** An event as it goes over the wire, shared by all who get it. */
    static byte[] event(String name, byte[] json) {
        byte[] head = ("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
        byte[] event = new byte[head.length + json.length + 2];
        System.arraycopy(head, 0, event, 0, head.length);
        System.arraycopy(json, 0, event, head.length, json.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return event;
    }

    void send(byte[] event, long nowNanos) {
        if (behind) {
            return;
        }
        if (response.isWritable()) {
            response.write(ByteBuffer.wrap(event));
        } else {
            behind = true;
            behindSinceNanos = nowNanos;
        }
    }

    /** It has read what it was sent. True if it has missed something since. */
    boolean caughtUp() {
        boolean missed = behind && response.isWritable();
        behind = behind && !missed;
        return missed;
    }

    boolean isBehindFor(long nanos, long nowNanos) {
        return behind && nowNanos - behindSinceNanos >= nanos;
    }

    void end() {
        response.end();
    }

    void abort() {
        response.abort();
    }
}
