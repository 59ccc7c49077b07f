// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** The metrics of the conventions, with the bounds that they ask for. */
final class Instruments {
    private static final List<Double> SECONDS =
            DoubleStream.iterate(0.01, bound -> bound * 2).limit(14).boxed().toList();
    private static final List<Long> TOKENS =
            LongStream.iterate(1, bound -> bound * 4).limit(14).boxed().toList();

    private final DoubleHistogram duration;
    private final DoubleHistogram firstChunk;
    private final LongHistogram tokens;

    Instruments(Meter meter) {
        this.duration = seconds(meter, Names.OPERATION_DURATION, "Operations of generative AI, retries included.");
        this.firstChunk = seconds(
                meter, Names.TIME_TO_FIRST_CHUNK, "From the start of a streamed operation to its first content.");
        this.tokens = meter.histogramBuilder(Names.TOKEN_USAGE)
                .ofLongs()
                .setDescription("Tokens of each attempt that used some.")
                .setUnit("{token}")
                .setExplicitBucketBoundariesAdvice(TOKENS)
                .build();
    }

    private static DoubleHistogram seconds(Meter meter, String name, String help) {
        return meter.histogramBuilder(name)
                .setDescription(help)
                .setUnit("s")
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
    }

    void operated(Duration elapsed, Attributes labels, Context within) {
        duration.record(seconds(elapsed), labels, within);
    }

    void firstChunk(Duration elapsed, Attributes labels, Context within) {
        firstChunk.record(seconds(elapsed), labels, within);
    }

    void used(long input, long output, Attributes labels, Context within) {
        used("input", input, labels, within);
        used("output", output, labels, within);
    }

    private void used(String type, long count, Attributes labels, Context within) {
        if (count > 0) {
            tokens.record(count, labels.toBuilder().put(Names.TOKEN_TYPE, type).build(), within);
        }
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
