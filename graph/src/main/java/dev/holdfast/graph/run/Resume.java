// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the paths of a checkpoint ready to go on. */
final class Resume {
    private final Run run;
    private final Snapshot from;
    private final Map<String, @Nullable Object> given;

    Resume(Run run, Snapshot from, Map<String, @Nullable Object> given) {
        this.run = run;
        this.from = from;
        this.given = given;
    }

    void prepare(Path path) {
        if (path.fork != null) {
            path.fork.branches().forEach(this::prepare);
            if (path.state != PathState.FORKED) {
                path.state = PathState.FORKED;
                path.error = null;
                path.endedNanos = 0;
            }
            return;
        }
        switch (path.state) {
            case PAUSED -> leavePause(path);
            case WAITING -> {
                path.answer = given;
                ready(path);
            }
            case FAILED -> {
                if (!isSettled(path)) {
                    takeBack(path);
                }
            }
            case CANCELLED, MAX_STEPS -> ready(path);
            case READY, FORKED, ARRIVED, TERMINAL, NO_EDGE -> {
                // goes on, or stays over, as it is
            }
        }
    }

    /** A branch that failed while its run goes on without it stays failed. */
    private boolean isSettled(Path path) {
        return path.parent != null
                && from.ended() != StopReason.FAILED
                && run.options.fanOut().onFailure() != FanOut.OnFailure.FAIL_ALL;
    }

    /** The visit that failed for good is made again, as if it had not been: its node is the same step, with the same id. */
    private void takeBack(Path path) {
        ready(path);
        int last = path.nodes.size() - 1;
        if (last >= 0 && path.nodes.get(last).equals(path.at)) {
            path.nodes.remove(last);
            path.visits.merge(path.at, -1, Integer::sum);
            path.steps--;
        }
    }

    private static void ready(Path path) {
        path.state = PathState.READY;
        path.error = null;
        path.endedNanos = 0;
    }

    /** What was given counts as part of the memory when the edges of the pause node are asked, now. */
    private void leavePause(Path path) {
        ready(path);
        Map<String, @Nullable Object> output = new LinkedHashMap<>(path.carried);
        output.putAll(given);
        path.write(given);
        path.carried = output;
        path.leavesPause = true;
    }
}
