// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Branches under way.
 *
 * @param source the node that they left
 * @param join where they meet; null where they do not
 * @param branches in the order of their edges
 */
record Fork(String source, @Nullable String join, List<Path> branches) {

    boolean isOver() {
        return branches.stream().allMatch(branch -> branch.state.isOver());
    }

    /** How many branches have failed, or have been cancelled. */
    int lost() {
        return (int) branches.stream()
                .filter(branch -> branch.state == PathState.FAILED || branch.state == PathState.CANCELLED)
                .count();
    }

    /** Whether too many branches are lost for the rest to make up for it. */
    boolean isLost(FanOut policy) {
        int lost = lost();
        return switch (policy.onFailure()) {
            case FAIL_ALL -> lost > 0;
            case CONTINUE_OTHERS -> branches.size() - lost < Math.min(policy.successesNeeded(), branches.size());
            case WAIT_ALL -> lost == branches.size();
        };
    }

    /** The state that all branches are held in, or null when none is. */
    @Nullable
    PathState held() {
        PathState held = null;
        for (Path branch : branches) {
            if (branch.state.isHeld()) {
                held = held == PathState.MAX_STEPS ? held : branch.state;
            }
        }
        return held;
    }

    /** Names the branches that failed, and says what the first one said. */
    RunError error() {
        List<String> names = new ArrayList<>();
        RunError first = null;
        for (Path branch : branches) {
            if (branch.state == PathState.FAILED) {
                names.add(branch.id);
                first = first == null ? branch.error : first;
            }
        }
        RunError cause = first == null ? new RunError(source, Category.UNKNOWN, "no branch got through") : first;
        return new RunError(
                cause.node(),
                cause.category(),
                "Parallel execution failed: branches " + names + " failed: " + cause.message());
    }

    /**
     * What the branches that succeeded wrote, in the order of their edges.
     *
     * @throws Conflict if two wrote different values and the policy takes that for an error
     */
    Map<String, @Nullable Object> merged(FanOut.OnConflict policy) {
        Map<String, @Nullable Object> merged = new LinkedHashMap<>();
        for (Path branch : branches) {
            if (!branch.state.isDone()) {
                continue;
            }
            branch.written.forEach((key, value) -> {
                if (!merged.containsKey(key) || policy == FanOut.OnConflict.LAST_WINS) {
                    merged.put(key, value);
                } else if (policy == FanOut.OnConflict.ERROR && !Objects.equals(merged.get(key), value)) {
                    throw new Conflict(key, branch.id);
                }
            });
        }
        return merged;
    }

    /** Two branches wrote different values under one key. */
    static final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Conflict(String key, String branch) {
            super(
                    "branches wrote different values under key '" + key + "', the last of them " + branch,
                    null,
                    true,
                    false);
        }
    }
}
