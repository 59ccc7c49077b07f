// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.reply;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.internal.behaviour.Ending;
import dev.holdfast.simulator.internal.wire.AnswerWriter;
import dev.holdfast.simulator.internal.wire.ErrorBody;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;

/**
 * A stream of server-sent events, made one event at a time: opening metadata, silence before the first content, content
 * at its pace, the fault after so many pieces, the closing events. What has not been asked for does not exist yet, so a
 * slow reader costs no memory.
 */
final class StreamReply implements Iterator<Step> {
    private final Behaviour behaviour;
    private final AnswerWriter writer;
    private final ErrorBody inBand;
    private final int promptTokens;
    private final long gapNanos;
    private final Deque<Step> ready = new ArrayDeque<>();
    private int next;
    private boolean begun;
    private boolean faultPassed;
    private boolean finished;

    /** @param handedBack pieces of the answer that the request holds: a fault behind fewer of them has been passed */
    StreamReply(Behaviour behaviour, AnswerWriter writer, ErrorBody inBand, int promptTokens, int handedBack) {
        this.behaviour = behaviour;
        this.writer = writer;
        this.inBand = inBand;
        this.promptTokens = promptTokens;
        this.faultPassed = handedBack > 0 && handedBack >= behaviour.after();
        this.gapNanos = behaviour.tokensPerSecond() == 0
                ? 0
                : (long) (TimeUnit.SECONDS.toNanos(1) / behaviour.tokensPerSecond());
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && !finished) {
            refill();
        }
        return !ready.isEmpty();
    }

    @Override
    public Step next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    private void refill() {
        if (!begun) {
            begun = true;
            open();
        } else if (!faultPassed && next >= Math.min(behaviour.after(), writer.contents())) {
            faultPassed = true;
            fault();
        } else if (next < writer.contents()) {
            if (next > 0 && gapNanos > 0) {
                ready.add(new Step.Pause(gapNanos));
            }
            event(writer.content(next), 1);
            next++;
        } else {
            close();
        }
    }

    private void open() {
        ready.add(new Step.Head(
                200, "text/event-stream; charset=utf-8", Map.of("cache-control", "no-cache"), Step.STREAMED));
        if (behaviour.ending() == Ending.ERROR_FIRST) {
            think();
            error();
            return;
        }
        int billed = promptTokens;
        for (String opening : writer.opening()) {
            event(opening, billed);
            billed = 0;
        }
        think();
        if (behaviour.ending() == Ending.META_THEN_ERROR) {
            error();
        }
    }

    private void think() {
        if (behaviour.ttftNanos() > 0) {
            ready.add(new Step.Pause(behaviour.ttftNanos()));
        }
    }

    private void fault() {
        if (behaviour.stallNanos() == Behaviour.FOREVER) {
            end(new Step.Silence());
            return;
        }
        if (behaviour.stallNanos() != Behaviour.NEVER) {
            ready.add(new Step.Pause(behaviour.stallNanos()));
        }
        switch (behaviour.ending()) {
            case CUT -> end(new Step.Cut());
            case RESET -> end(new Step.Reset());
            case ERROR_MID -> error();
            case MALFORMED -> {
                event(writer.broken(), 0);
                end(new Step.End());
            }
            default -> {
                // the answer goes on
            }
        }
    }

    private void close() {
        if (behaviour.ending() != Ending.NO_TERMINAL) {
            for (String event : writer.closing()) {
                event(event, 0);
            }
        }
        end(new Step.End());
    }

    private void error() {
        event(writer.inBandError(inBand), 0);
        end(new Step.End());
    }

    private void event(String event, int tokens) {
        ready.add(new Step.Bytes(event.getBytes(StandardCharsets.UTF_8), tokens));
    }

    private void end(Step last) {
        ready.add(last);
        finished = true;
    }
}
