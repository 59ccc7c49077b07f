// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.reply;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.internal.behaviour.Ending;
import dev.holdfast.simulator.internal.behaviour.Provider;
import dev.holdfast.simulator.internal.wire.Answer;
import dev.holdfast.simulator.internal.wire.AnswerWriter;
import dev.holdfast.simulator.internal.wire.Answers;
import dev.holdfast.simulator.internal.wire.Dialect;
import dev.holdfast.simulator.internal.wire.ErrorBody;
import dev.holdfast.simulator.internal.wire.ErrorShapes;
import dev.holdfast.simulator.internal.wire.ModelRequest;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Turns a behaviour into the steps of one reply. */
public final class Replies {
    private final Clock clock;

    /** {@code clock} dates what is dated: creation times, waits stated as dates. */
    public Replies(Clock clock) {
        this.clock = clock;
    }

    /** What {@code request} gets in {@code dialect}; {@code serial} is new for each request and makes its ids. */
    public Iterator<Step> of(Behaviour behaviour, Dialect dialect, JsonNode body, ModelRequest request, long serial) {
        Iterator<Step> reply = afterHeaders(behaviour, dialect, body, request, serial);
        return behaviour.slowHeadersNanos() == 0
                ? reply
                : new Preceded(new Step.Pause(behaviour.slowHeadersNanos()), reply);
    }

    private Iterator<Step> afterHeaders(
            Behaviour behaviour, Dialect dialect, JsonNode body, ModelRequest request, long serial) {
        Provider errors = behaviour.as() == null ? dialect.errors() : behaviour.as();
        if (behaviour.ending() == Ending.STATUS) {
            ErrorBody error = ErrorShapes.of(errors, behaviour.status(), request.model(), behaviour.hint(), serial);
            return Refusal.of(behaviour.status(), error, behaviour.hint(), clock)
                    .iterator();
        }
        if (behaviour.ending() == Ending.REFUSE) {
            return List.<Step>of(new Step.Cut()).iterator();
        }
        if (behaviour.resetBeforeAnswer()) {
            return List.<Step>of(new Step.Reset()).iterator();
        }
        if (behaviour.ending() == Ending.HANG) {
            return List.<Step>of(new Step.Silence()).iterator();
        }
        Answer answer = Answers.of(request, behaviour, body);
        AnswerWriter writer = dialect.writer(body, request, answer, serial, clock.millis() / 1000);
        ErrorBody inBand = !behaviour.ending().inBandError()
                ? ErrorBody.NONE
                : ErrorShapes.of(
                        errors,
                        behaviour.inBandStatus(dialect.inBandStatus()),
                        request.model(),
                        behaviour.hint(),
                        serial);
        return request.streamed()
                ? new StreamReply(behaviour, writer, inBand, request.promptTokens(), answer.handedBack())
                : PlainReply.of(behaviour, writer, inBand, request.promptTokens() + writer.contents())
                        .iterator();
    }

    /** One step, then the others. */
    private static final class Preceded implements Iterator<Step> {
        private final Step first;
        private final Iterator<Step> rest;
        private boolean passed;

        Preceded(Step first, Iterator<Step> rest) {
            this.first = first;
            this.rest = rest;
        }

        @Override
        public boolean hasNext() {
            return !passed || rest.hasNext();
        }

        @Override
        public Step next() {
            if (!passed) {
                passed = true;
                return first;
            }
            return rest.next();
        }
    }
}
