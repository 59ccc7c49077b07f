// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.gateway;

import dev.holdfast.bench.Machine;
import dev.holdfast.bench.gateway.GatewayComparison.Measured;
import dev.holdfast.bench.gateway.GatewayComparison.Scale;
import dev.holdfast.bench.gateway.GatewayComparison.Streams;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** docs/performance-gateway.md. */
final class GatewayPage {
    private final Scale scale;
    private final Map<String, Measured> plain;
    private final Streams streams;
    private final StringBuilder text = new StringBuilder();

    GatewayPage(Scale scale, Map<String, Measured> plain, Streams streams) {
        this.scale = scale;
        this.plain = plain;
        this.streams = streams;
    }

    String text() throws IOException {
        line("# The gateway beside others");
        line("");
        line(
                "Written by `bench/gateway.sh%s`; do not edit. All on one machine and in one run: the load, the provider (nginx that",
                scale == Scale.FULL ? "" : " --" + scale.name().toLowerCase(Locale.ROOT));
        line(
                "answers 258 bytes), and everybody in between. Each is warmed up, then they take turns; medians of %d rounds.",
                scale.rounds);
        if (scale == Scale.SMOKE) {
            line("");
            line("**A smoke run: these numbers prove nothing.**");
        }
        line("");
        Machine machine = Machine.now();
        line(
                "Machine: %s, %d cores, load %s at the end. Java %s.",
                machine.processor(), machine.cores(), machine.loadText(), Runtime.version());
        line("");
        many();
        alone();
        streams();
        return text.toString();
    }

    private void many() {
        Measured nginx = of("nginx");
        Measured portkey = of("Portkey");
        line("## Plain requests, %d connections", GatewayComparison.MANY);
        line("");
        line(
                "wrk, one thread, POST of a chat request, connections kept. Processor time is that of the server's own processes.");
        line("");
        line(
                "| server | requests/s | of nginx | of Portkey | p50 ms | p99 ms | processor µs per request | resident MiB |");
        line("|---|---|---|---|---|---|---|---|");
        plain.forEach((name, measured) -> line(
                "| %s | %,.0f | %.2f | %.1f | %.2f | %.2f | %.1f | %d |%s",
                name.equals("upstream") ? "the provider itself" : name,
                median(measured.perSecond),
                median(measured.perSecond) / median(nginx.perSecond),
                median(measured.perSecond) / median(portkey.perSecond),
                median(measured.p50) / 1e3,
                median(measured.p99) / 1e3,
                median(measured.cpuMicros),
                measured.residentMib,
                measured.bad.isEmpty() ? "" : " " + measured.bad));
        line("");
        Measured ours = of("Holdfast");
        verdict("at least 0.6 of nginx", median(ours.perSecond) / median(nginx.perSecond), 0.6, true);
        verdict("at least 8 times Portkey", median(ours.perSecond) / median(portkey.perSecond), 8, true);
        line("");
    }

    private void alone() {
        Measured direct = of("upstream");
        Measured nginx = of("nginx");
        Measured ours = of("Holdfast");
        line("## Plain requests, one connection");
        line("");
        line("What a request takes longer than without anything in between.");
        line("");
        line("| server | p50 µs | added | p99 µs | added |");
        line("|---|---|---|---|---|");
        plain.forEach((name, measured) -> line(
                "| %s | %.0f | %s | %.0f | %s |",
                name.equals("upstream") ? "the provider itself" : name,
                median(measured.aloneP50),
                added(measured.aloneP50, direct.aloneP50),
                median(measured.aloneP99),
                added(measured.aloneP99, direct.aloneP99)));
        line("");
        double addedP50 = median(ours.aloneP50) - median(direct.aloneP50);
        verdict(
                "added p50 at most twice nginx's",
                addedP50 / (median(nginx.aloneP50) - median(direct.aloneP50)),
                2,
                false);
        verdict(
                "added p99 at most 1 ms (here in ms)",
                (median(ours.aloneP99) - median(direct.aloneP99)) / 1e3,
                1,
                false);
        line("");
    }

    private Measured of(String name) {
        return Objects.requireNonNull(plain.get(name));
    }

    private static String added(List<Double> measured, List<Double> direct) {
        return String.format(Locale.ROOT, "%+.0f", median(measured) - median(direct));
    }

    private void streams() {
        line("## Streams");
        line("");
        line(
                "The provider is the simulator. One stream after the other, each on a connection of its own, %d a round; the time is",
                scale.streams);
        line("from the request to the first content.");
        line("");
        line("| | p50 µs | p99 µs |");
        line("|---|---|---|");
        double[] p99 = new double[2];
        int[] row = {0};
        streams.firstContent().forEach((name, rounds) -> {
            double middle = median(rounds.stream().map(r -> r[r.length / 2]).toList());
            double high =
                    median(rounds.stream().map(r -> r[(int) (r.length * 0.99)]).toList());
            p99[row[0]++] = high;
            line("| %s | %.0f | %.0f |", name, middle, high);
        });
        line("");
        verdict("added time to first content, p99, at most 1 ms (here in ms)", (p99[1] - p99[0]) / 1e3, 1, false);
        line("");
        line(
                "%,d streams open at once, a word a second each: %,d began, %d ended before their time, the gateway then held",
                scale.held, streams.held(), streams.ended());
        line("%d MiB resident.", streams.residentMib());
        line("");
        verdict("5,000 open streams in at most 512 MiB", streams.residentMib(), 512, false);
    }

    private void verdict(String target, double value, double bound, boolean atLeast) {
        boolean met = atLeast ? value >= bound : value <= bound;
        line("- %s: %.2f, **%s**", target, value, met ? "met" : "missed");
    }

    private static double median(List<Double> values) {
        return GatewayComparison.median(values);
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
