// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import dev.holdfast.failure.Category;
import java.util.List;

/**
 * How one judge did on some cases.
 *
 * @param right decisions to retry here, or not to, that are right
 * @param useless retries of what no wait here cures
 * @param missed errors given up that a wait here would have cured
 * @param stated cases in which the server stated a wait
 * @param kept of those, the ones in which the judge either waited at least as long or rightly sent nothing
 * @param early of those, the ones in which it came back sooner than it was told
 * @param named cases whose category it could tell its user
 */
record Score(int cases, int right, int useless, int missed, int stated, int kept, int early, int named) {
    /** Fractions of a millisecond were rounded both ways in the corpus. */
    private static final long ROUNDING_MS = 1;

    /** Clients that count seconds in single precision lose up to this part of a wait. */
    private static final long SINGLE_PRECISION = 10_000_000;

    static Score of(Judge judge, List<ErrorCase> cases) {
        Score total = new Score(0, 0, 0, 0, 0, 0, 0, 0);
        for (ErrorCase error : cases) {
            total = total.plus(one(error, judge.judge(error)));
        }
        return total;
    }

    private static Score one(ErrorCase error, Opinion opinion) {
        boolean here = opinion.retriesHere();
        boolean stated = error.waitMs() != null;
        boolean early = stated && here && opinion.firstWait().toMillis() < leastKept(error.waitMs());
        boolean kept = stated && !early && (here || !error.retryIsRight());
        return new Score(
                1,
                bit(here == error.retryIsRight()),
                bit(here && !error.retryIsRight()),
                bit(!here && error.retryIsRight()),
                bit(stated),
                bit(kept),
                bit(early),
                bit(names(error, opinion)));
    }

    private static long leastKept(long statedMs) {
        return statedMs - ROUNDING_MS - statedMs / SINGLE_PRECISION;
    }

    private static boolean names(ErrorCase error, Opinion opinion) {
        return opinion.kinds().stream()
                .map(Category::word)
                .anyMatch(word ->
                        word.equals(error.category()) || error.alsoRight().contains(word));
    }

    private Score plus(Score other) {
        return new Score(
                cases + other.cases,
                right + other.right,
                useless + other.useless,
                missed + other.missed,
                stated + other.stated,
                kept + other.kept,
                early + other.early,
                named + other.named);
    }

    /** Whether decision, wait and category are right in all cases. */
    boolean flawless() {
        return right == cases && kept == stated && named == cases;
    }

    private static int bit(boolean fact) {
        return fact ? 1 : 0;
    }
}
