// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.Holdfast;
import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.gateway.internal.route.Fleet;
import dev.holdfast.target.BlockInfo;
import dev.holdfast.target.TargetInfo;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A target at one moment as one who looks at the gateway sees it: what the engines of all policies say about it, put
 * together. The worst circuit, block and pause count, since some calls meet them; slots and waiters are added up.
 *
 * @param forced whether the circuit that counts was set by hand
 * @param nextProbe until a call can be let through; null while closed, and while opened by hand, when none will be
 * @param paused zero for not at all
 * @param budget tokens left where they are fewest
 * @param budgetCapacity the smallest of all engines
 */
public record TargetView(
        Fleet.Member member,
        CircuitState circuit,
        boolean forced,
        @Nullable Duration nextProbe,
        @Nullable BlockInfo block,
        Duration paused,
        int inFlight,
        int queued,
        double budget,
        double budgetCapacity) {
    /** Callers can name targets themselves; so many are shown, those of the configuration first. */
    private static final int SHOWN = 200;

    /** Those that are shown. */
    public static List<TargetView> all(Fleet fleet) {
        return fleet.members().stream().limit(SHOWN).map(TargetView::of).toList();
    }

    public static TargetView of(Fleet.Member member) {
        TargetView view = unused(member);
        for (Holdfast engine : member.engines()) {
            TargetInfo info = engine.info(member.target());
            view = info == null ? view : view.with(info);
        }
        return view;
    }

    private static TargetView unused(Fleet.Member member) {
        double full = member.engines().stream()
                .mapToDouble(engine -> engine.config().budget().capacity())
                .min()
                .orElse(0);
        return new TargetView(member, CircuitState.CLOSED, false, null, null, Duration.ZERO, 0, 0, full, full);
    }

    private TargetView with(TargetInfo info) {
        CircuitInfo other = info.circuit();
        boolean worse =
                severity(other.state()) > severity(circuit) || (other.state() == circuit && other.forced() && !forced);
        return new TargetView(
                member,
                worse ? other.state() : circuit,
                worse ? other.forced() : forced,
                worse ? probeIn(other) : nextProbe,
                later(block, info.block()),
                paused.compareTo(info.pausedFor()) < 0 ? info.pausedFor() : paused,
                inFlight + info.inFlight(),
                queued + info.admission().queued(),
                Math.min(budget, info.budget()),
                budgetCapacity);
    }

    private static int severity(CircuitState state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    private static @Nullable Duration probeIn(CircuitInfo info) {
        return info.state() == CircuitState.CLOSED || info.forced() ? null : info.retryIn();
    }

    private static @Nullable BlockInfo later(@Nullable BlockInfo one, @Nullable BlockInfo two) {
        if (one == null || two == null) {
            return one == null ? two : one;
        }
        return one.until().compareTo(two.until()) < 0 ? two : one;
    }

    public String name() {
        return member.target().name();
    }

    /** What stands in the way of calls, the gravest first; {@code closed} for nothing. */
    public Band band() {
        if (block != null) {
            return Band.BLOCKED;
        }
        return switch (circuit) {
            case OPEN -> Band.OPEN;
            case HALF_OPEN -> Band.HALF_OPEN;
            case CLOSED -> paused.isZero() ? (member.drained() ? Band.DRAINED : Band.CLOSED) : Band.PAUSED;
        };
    }
}
