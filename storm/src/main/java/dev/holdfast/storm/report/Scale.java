// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** From values to places: where on an axis a value stands, 0 at its start and 1 at its end, and what is written beside it. */
record Scale(double from, double to, boolean logarithmic, List<Tick> ticks) {
    /** One label of an axis. */
    record Tick(double value, String text) {}

    private static final double[] STEPS = {1, 2, 2.5, 5, 10};
    private static final int[] SECONDS = {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 86_400
    };
    private static final int MOST_TIMES = 6;
    private static final int MOST_STEPS = 6;

    /** From nothing to a little more than the largest, in round steps. */
    static Scale linear(double largest) {
        double top = largest > 0 && Double.isFinite(largest) ? largest : 1;
        double rough = top / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = 10 * power;
        for (double candidate : STEPS) {
            if (candidate * power >= rough * 0.999) {
                step = candidate * power;
                break;
            }
        }
        List<Tick> ticks = new ArrayList<>();
        int steps = (int) Math.ceil(top / step - 1e-9);
        int decimals = Math.max(0, (int) Math.ceil(-Math.log10(step)) + (step / power == 2.5 ? 1 : 0));
        for (int i = 0; i <= steps; i++) {
            ticks.add(new Tick(i * step, number(i * step, decimals)));
        }
        return new Scale(0, steps * step, false, ticks);
    }

    /** From the round number below to the one above, in steps of 1, 2, 5 or where those are many of ten; in milliseconds. */
    static Scale logarithmic(double smallest, double largest) {
        double low = smallest > 0 && Double.isFinite(smallest) ? smallest : 1;
        double high = Math.max(low * 1.001, Double.isFinite(largest) ? largest : low);
        List<Double> steps = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(low)); power <= (int) Math.ceil(Math.log10(high)); power++) {
            for (int digit : new int[] {1, 2, 5}) {
                steps.add(digit * Math.pow(10, power));
            }
        }
        while (steps.get(1) <= low) {
            steps.remove(0);
        }
        while (steps.get(steps.size() - 2) >= high) {
            steps.remove(steps.size() - 1);
        }
        boolean few = steps.size() <= MOST_STEPS;
        List<Tick> ticks = steps.stream()
                .filter(step -> few || isPowerOfTen(step))
                .map(step -> new Tick(step, Figures.millis(step)))
                .toList();
        return new Scale(steps.get(0), steps.get(steps.size() - 1), true, ticks);
    }

    private static boolean isPowerOfTen(double value) {
        double power = Math.log10(value);
        return Math.abs(power - Math.rint(power)) < 1e-9;
    }

    /** Seconds of a scenario. */
    static Scale time(Duration duration) {
        double seconds = Math.max(1e-3, duration.toMillis() / 1000.0);
        int step = SECONDS[SECONDS.length - 1];
        for (int candidate : SECONDS) {
            if (seconds / candidate <= MOST_TIMES) {
                step = candidate;
                break;
            }
        }
        List<Tick> ticks = new ArrayList<>();
        for (double at = 0; at <= seconds + 1e-9; at += step) {
            ticks.add(new Tick(at, clock((long) at)));
        }
        return new Scale(0, seconds, false, ticks);
    }

    private static String clock(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds % 60 == 0
                ? seconds / 60 + " min"
                : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    private static String number(double value, int decimals) {
        return value >= 10_000
                ? Figures.trimmed(value / 1000, 1) + " k"
                : String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** 0 at the start of the axis, 1 at its end; values beyond stay at the border. */
    double place(double value) {
        double share = logarithmic
                ? (Math.log10(Math.max(value, from)) - Math.log10(from)) / (Math.log10(to) - Math.log10(from))
                : (value - from) / (to - from);
        return Math.min(1, Math.max(0, share));
    }
}
