// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.reply;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.internal.behaviour.Ending;
import dev.holdfast.simulator.internal.wire.AnswerWriter;
import dev.holdfast.simulator.internal.wire.ErrorBody;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A plain answer: silence for as long as the model would think and write, then one document. Faults that have a place in
 * a stream fall into the middle of the document here; an error inside a 200 is the whole document.
 */
final class PlainReply {
    private PlainReply() {}

    static List<Step> of(Behaviour behaviour, AnswerWriter writer, ErrorBody inBand, int billedTokens) {
        List<Step> steps = new ArrayList<>();
        long thinkingNanos = behaviour.ttftNanos() + writingNanos(behaviour, writer.contents());
        if (thinkingNanos > 0) {
            steps.add(new Step.Pause(thinkingNanos));
        }
        byte[] body = body(behaviour, writer, inBand).getBytes(StandardCharsets.UTF_8);
        int tokens = behaviour.ending().inBandError() ? 0 : billedTokens;
        steps.add(new Step.Head(200, "application/json", Map.of(), body.length));
        steps.addAll(broken(behaviour, body, tokens));
        return steps;
    }

    private static long writingNanos(Behaviour behaviour, int tokens) {
        return behaviour.tokensPerSecond() == 0
                ? 0
                : (long) (TimeUnit.SECONDS.toNanos(1) * (double) tokens / behaviour.tokensPerSecond());
    }

    private static String body(Behaviour behaviour, AnswerWriter writer, ErrorBody inBand) {
        if (behaviour.ending().inBandError()) {
            return inBand.body();
        }
        if (behaviour.ending() == Ending.MALFORMED) {
            String whole = writer.plain(true);
            return whole.substring(0, whole.length() / 2);
        }
        return writer.plain(behaviour.ending() != Ending.NO_TERMINAL);
    }

    private static List<Step> broken(Behaviour behaviour, byte[] body, int tokens) {
        boolean stalls = behaviour.stallNanos() != Behaviour.NEVER;
        boolean breaks = behaviour.ending() == Ending.CUT || behaviour.ending() == Ending.RESET;
        if (!stalls && !breaks) {
            return List.of(new Step.Bytes(body, tokens), new Step.End());
        }
        int middle = body.length / 2;
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Bytes(Arrays.copyOfRange(body, 0, middle), tokens));
        if (stalls) {
            steps.add(
                    behaviour.stallNanos() == Behaviour.FOREVER
                            ? new Step.Silence()
                            : new Step.Pause(behaviour.stallNanos()));
        }
        if (breaks) {
            steps.add(behaviour.ending() == Ending.CUT ? new Step.Cut() : new Step.Reset());
        } else {
            steps.add(new Step.Bytes(Arrays.copyOfRange(body, middle, body.length), 0));
            steps.add(new Step.End());
        }
        return steps;
    }
}
