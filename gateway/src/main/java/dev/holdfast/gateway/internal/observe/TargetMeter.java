// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.AttemptReport;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The series of one target, looked up once. A series begins with its first attempt, except that of successes, which is there
 * from the start so that a rate has something to begin with.
 */
final class TargetMeter {
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final Category[] CATEGORIES = Category.values();
    /** One place for each outcome and category, the first of each outcome for attempts without one. */
    private static final int ROW = CATEGORIES.length + 1;

    private final String target;
    private final Counter attempts;
    private final AtomicReferenceArray<@Nullable CounterDataPoint> series =
            new AtomicReferenceArray<>(OUTCOMES.length * ROW);
    private final CounterDataPoint input;
    private final CounterDataPoint output;
    private final DistributionDataPoint firstContent;
    private final Recent lastFirstContents = new Recent();

    TargetMeter(String target, Counter attempts, Counter tokens, DistributionDataPoint firstContent) {
        this.target = target;
        this.attempts = attempts;
        this.input = tokens.labelValues(target, "input");
        this.output = tokens.labelValues(target, "output");
        this.firstContent = firstContent;
        series(Outcome.SUCCESS, null);
    }

    void ended(AttemptReport attempt) {
        Failure failure = attempt.failure();
        series(attempt.outcome(), failure == null ? null : failure.category()).inc();
    }

    void tokens(long in, long out) {
        if (in > 0) {
            input.inc(in);
        }
        if (out > 0) {
            output.inc(out);
        }
    }

    void firstContent(Duration took) {
        firstContent.observe(Metrics.seconds(took));
        lastFirstContents.add(took.toNanos());
    }

    private CounterDataPoint series(Outcome outcome, @Nullable Category category) {
        int place = outcome.ordinal() * ROW + (category == null ? 0 : category.ordinal() + 1);
        CounterDataPoint known = series.get(place);
        if (known == null) {
            known = attempts.labelValues(target, outcome.word(), category == null ? "none" : category.word());
            series.set(place, known);
        }
        return known;
    }

    /** The sums so far. Not one moment's picture: attempts may end while they are read. */
    TargetCounts counts() {
        long all = 0;
        long succeeded = 0;
        Map<Category, Long> failures = new EnumMap<>(Category.class);
        for (int place = 0; place < series.length(); place++) {
            CounterDataPoint known = series.get(place);
            long count = known == null ? 0 : known.getLongValue();
            if (count == 0) {
                continue;
            }
            all += count;
            int column = place % ROW;
            if (column > 0) {
                failures.merge(CATEGORIES[column - 1], count, Long::sum);
            } else if (OUTCOMES[place / ROW] == Outcome.SUCCESS) {
                succeeded += count;
            }
        }
        return new TargetCounts(
                all,
                succeeded,
                failures,
                input.getLongValue(),
                output.getLongValue(),
                lastFirstContents.quantile(0.5),
                lastFirstContents.quantile(0.95));
    }
}
