// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import dev.holdfast.Attempt;
import dev.holdfast.CallObservation;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.llm.AnswerFacts;
import dev.holdfast.llm.LlmOperation;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts one call as it goes. Told of one thing at a time, on changing threads. */
final class CallCount implements CallObservation {
    private final Meters meters;
    private final Target first;
    private final @Nullable LlmOperation about;

    // guarded by this
    private @Nullable Duration committed;
    private String answeredModel = Meters.NONE;
    /** Hedges under way, by their number. */
    private @Nullable Map<Integer, Target> hedges;

    /** One that was cancelled: whether it lost or the caller left is known at the end. */
    private @Nullable Target cancelledHedge;

    CallCount(Meters meters, Target first, @Nullable LlmOperation about) {
        this.meters = meters;
        this.first = first;
        this.about = about;
    }

    @Override
    public synchronized void told(Attempt attempt, Object fact) {
        if (fact instanceof AnswerFacts answer) {
            answeredModel = answer.model().isEmpty() ? Meters.NONE : answer.model();
        }
    }

    @Override
    public synchronized void on(CallEvent event) {
        if (event instanceof CallEvent.AttemptCommitted won) {
            committed = won.elapsed();
            if (about instanceof LlmOperation.Chat chat && chat.stream()) {
                meters.target(won.target()).firstContent().record(won.elapsed());
            }
        } else if (event instanceof CallEvent.AttemptSucceeded done) {
            succeeded(done);
        } else if (event instanceof CallEvent.AttemptFailed lost) {
            Category category = lost.failure().category();
            ended(lost.target(), lost.outcome(), category, lost.inputTokens(), lost.outputTokens());
            hedgeEnded(lost.attempt(), "failed");
        } else if (event instanceof CallEvent.AttemptCancelled left) {
            ended(left.target(), Outcome.CANCELLED, null, left.inputTokens(), left.outputTokens());
            Target hedge = hedges == null ? null : hedges.remove(left.attempt());
            cancelledHedge = hedge == null ? cancelledHedge : hedge;
        } else if (event instanceof CallEvent.FailedOver over) {
            meters.failedOver(over.from(), over.to());
        } else if (event instanceof CallEvent.HedgeStarted started) {
            hedges = hedges == null ? new HashMap<>() : hedges;
            hedges.put(started.attempt(), started.target());
        } else if (event instanceof CallEvent.CallEnded ended) {
            callEnded(ended);
        }
    }

    /** Of a call that does not say whether it is a stream, one whose attempt went on after its commit is. */
    private void succeeded(CallEvent.AttemptSucceeded done) {
        if (about == null && committed != null && !committed.equals(done.elapsed())) {
            meters.target(done.target()).firstContent().record(committed);
        }
        ended(done.target(), Outcome.SUCCESS, null, done.inputTokens(), done.outputTokens());
        hedgeEnded(done.attempt(), "won");
    }

    private void ended(Target target, Outcome outcome, @Nullable Category category, long input, long output) {
        TargetMeters counted = meters.target(target);
        counted.ended(outcome, category);
        counted.tokens(input, output);
        if (about != null) {
            meters.used(about, target, answeredModel, "input", input);
            meters.used(about, target, answeredModel, "output", output);
        }
    }

    private void hedgeEnded(int number, String result) {
        Target hedge = hedges == null ? null : hedges.remove(number);
        if (hedge != null) {
            meters.target(hedge).hedged(result);
        }
    }

    private void callEnded(CallEvent.CallEnded ended) {
        if (cancelledHedge != null) {
            meters.target(cancelledHedge).hedged(ended.outcome() == Outcome.CANCELLED ? "cancelled" : "lost");
        }
        meters.model(first).ended(ended);
        if (about != null) {
            meters.operated(about, first, answeredModel, ModelMeters.errorType(ended), ended.elapsed());
        }
    }
}
