// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;

/** The series of one model, looked up once. */
final class ModelMeter {
    private final CounterDataPoint succeeded;
    private final CounterDataPoint failed;
    private final CounterDataPoint cancelled;
    private final CounterDataPoint refused;
    private final DistributionDataPoint duration;

    ModelMeter(String model, Counter calls, Histogram durations) {
        this.succeeded = calls.labelValues(model, "success");
        this.failed = calls.labelValues(model, "failure");
        this.cancelled = calls.labelValues(model, "cancelled");
        this.refused = calls.labelValues(model, "refused");
        this.duration = durations.labelValues(model);
    }

    void ended(CallRecord call) {
        series(call.outcome()).inc();
        duration.observe(Metrics.seconds(call.elapsed()));
    }

    private CounterDataPoint series(String outcome) {
        return switch (outcome) {
            case "success" -> succeeded;
            case "failure" -> failed;
            case "cancelled" -> cancelled;
            case "refused" -> refused;
            default -> throw new IllegalArgumentException("no outcome of a call: " + outcome);
        };
    }
}
