// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import java.util.Map;

/**
 * How a batch stands, or stood at its end. Immutable.
 *
 * @param finished input lines with a result, those of earlier runs included
 * @param earlier those of them that earlier runs had finished
 * @param failedByCategory error lines in the output and the journal, by the word of their category
 * @param retries attempts after the first, of this run
 * @param madeAgain calls that were in flight when an earlier run was killed, and were made again: their first making may
 *     have been billed. Counts all kills since the batch began
 * @param running calls in flight
 */
public record BatchSummary(
        long finished, long earlier, Map<String, Long> failedByCategory, long retries, long madeAgain, int running) {
    public BatchSummary {
        failedByCategory = Map.copyOf(failedByCategory);
    }

    /** Error lines. */
    public long failed() {
        return failedByCategory.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Lines with an answer. */
    public long ok() {
        return finished - failed();
    }
}
