// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.channel.Channel;

/**
 * Notices a client that does not read: bytes wait to be written, and as many as at the last look. A writer that keeps to
 * back-pressure adds none meanwhile. One per channel, on its loop.
 */
final class Stall {
    private final long limitNanos;
    private long waitingBytes;
    private long sinceNanos;

    Stall(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    /** Whether nothing has been read for the limit. */
    boolean lasts(Channel channel, long nowNanos) {
        long waiting = waiting(channel);
        if (waiting == 0 || waiting != waitingBytes) {
            waitingBytes = waiting;
            sinceNanos = nowNanos;
            return false;
        }
        return nowNanos - sinceNanos >= limitNanos;
    }

    /** Whether anything waited at the last look. */
    boolean waits() {
        return waitingBytes > 0;
    }

    private static long waiting(Channel channel) {
        long toWritable = channel.bytesBeforeWritable();
        int high = channel.config().getWriteBufferHighWaterMark();
        // what is left to the mark counts one byte more, since the mark itself is still writable
        return toWritable > 0 ? high + toWritable : Math.max(0, high + 1 - channel.bytesBeforeUnwritable());
    }
}
