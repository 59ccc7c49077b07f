// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a judge does after an error.
 *
 * @param retriesHere whether it sends the same request to the same place again; failing over and giving up are both no
 * @param firstWait the longest it may wait before that, so that jitter never counts against it; meaningless without a retry
 * @param kinds the categories that the word it gives its user may stand for; empty when it gives none
 */
record Opinion(boolean retriesHere, Duration firstWait, Set<Category> kinds) {

    static Opinion stop(Set<Category> kinds) {
        return new Opinion(false, Duration.ZERO, kinds);
    }

    static Opinion retry(Duration firstWait, Set<Category> kinds) {
        return new Opinion(true, firstWait, kinds);
    }

    static Opinion of(boolean retriesHere, Duration firstWait, Set<Category> kinds) {
        return retriesHere ? retry(firstWait, kinds) : stop(kinds);
    }

    static Set<Category> about(Category... kinds) {
        Set<Category> set = EnumSet.noneOf(Category.class);
        set.addAll(Arrays.asList(kinds));
        return set;
    }
}
