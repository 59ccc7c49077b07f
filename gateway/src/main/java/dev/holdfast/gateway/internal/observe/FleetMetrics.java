// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.circuit.CircuitState;
import dev.holdfast.gateway.internal.route.Fleet;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** How the targets are doing, asked at the moment of the scrape; targets that are gone have no gauge. */
final class FleetMetrics implements MultiCollector {
    private final Metrics metrics;
    private final Fleet fleet;

    FleetMetrics(Metrics metrics, Fleet fleet) {
        this.metrics = metrics;
        this.fleet = fleet;
    }

    @Override
    public MetricSnapshots collect() {
        List<TargetView> views = fleet.members().stream()
                .filter(member -> metrics.label(member.target().name())
                        .equals(member.target().name()))
                .map(TargetView::of)
                .toList();
        return new MetricSnapshots(
                circuits(views),
                gauge(
                        views,
                        "holdfast_paused",
                        "1 while the provider asked us to wait.",
                        view -> view.paused().isZero() ? 0 : 1),
                gauge(
                        views,
                        "holdfast_blocked",
                        "1 while the credential cannot work.",
                        view -> view.block() == null ? 0 : 1),
                gauge(views, "holdfast_budget_tokens", "Tokens left for retries and hedges.", TargetView::budget),
                gauge(views, "holdfast_in_flight", "Attempts on their way, streams included.", TargetView::inFlight));
    }

    private static GaugeSnapshot circuits(List<TargetView> views) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("holdfast_circuit_state")
                .help("1 for the state that the target's circuit is in, 0 for the others.");
        for (TargetView view : views) {
            Stream.of(CircuitState.values())
                    .map(state -> GaugeDataPointSnapshot.builder()
                            .value(view.circuit() == state ? 1 : 0)
                            .labels(Labels.of("target", view.name(), "state", state.word()))
                            .build())
                    .forEach(gauge::dataPoint);
        }
        return gauge.build();
    }

    private static GaugeSnapshot gauge(
            List<TargetView> views, String name, String help, ToDoubleFunction<TargetView> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (TargetView view : views) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .value(value.applyAsDouble(view))
                    .labels(Labels.of("target", view.name()))
                    .build());
        }
        return gauge.build();
    }
}
