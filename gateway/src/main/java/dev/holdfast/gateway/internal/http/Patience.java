// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import dev.holdfast.gateway.config.GatewayConfig.Limits;
import io.netty.channel.Channel;
import java.time.Duration;

/** What an HTTP/1 connection is doing and how long it may go on with it. One per connection, on its loop. */
final class Patience {
    /** How long a client may take to close after its last answer; until then it can read it, whatever it still sends. */
    private static final long LINGER_NANOS = Duration.ofSeconds(5).toNanos();

    enum Phase {
        /** Between requests: nothing has arrived. */
        IDLE,
        HEAD,
        BODY,
        ANSWERING,
        /** The last answer is going out; what still arrives is thrown away. */
        LEAVING,
        /** The last answer is out. */
        LINGERING,
        CLOSED;

        boolean takesNothing() {
            return compareTo(LEAVING) >= 0;
        }
    }

    enum Verdict {
        GO_ON,
        /** Sends too slowly. */
        REFUSE,
        CLOSE
    }

    private final Limits limits;
    private final Sweep sweep;
    private final Stall stall;
    private Phase phase = Phase.IDLE;
    private long deadlineNanos;

    Patience(Limits limits, Sweep sweep) {
        this.limits = limits;
        this.sweep = sweep;
        stall = new Stall(limits.idleTimeout().toNanos());
        enter(Phase.IDLE);
    }

    Phase phase() {
        return phase;
    }

    void enter(Phase next) {
        phase = next;
        deadlineNanos = switch (next) {
            case IDLE -> sweep.nowNanos() + limits.idleTimeout().toNanos();
            case HEAD -> sweep.nowNanos() + limits.headerTimeout().toNanos();
            case BODY -> sweep.nowNanos() + limits.bodyTimeout().toNanos();
            case LINGERING -> sweep.nowNanos() + LINGER_NANOS;
            case ANSWERING, LEAVING, CLOSED -> Long.MAX_VALUE;
        };
    }

    Verdict look(Channel channel, long nowNanos) {
        if (stall.lasts(channel, nowNanos)) {
            return Verdict.CLOSE;
        }
        if (phase == Phase.IDLE && stall.waits()) {
            // it still reads its last answer
            enter(Phase.IDLE);
        }
        if (deadlineNanos > nowNanos) {
            return Verdict.GO_ON;
        }
        return phase == Phase.HEAD || phase == Phase.BODY ? Verdict.REFUSE : Verdict.CLOSE;
    }
}
