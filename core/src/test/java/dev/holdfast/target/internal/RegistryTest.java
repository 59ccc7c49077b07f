// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.target.Target;
import dev.holdfast.time.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Targets of one engine: what they share, what is forgotten, what is told. */
class RegistryTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3600 * SECOND;
    private static final Target ONE = keyed("a/one", "k");
    private static final Target TWO = keyed("a/two", "k");
    private static final Target OTHER = keyed("a/other", "other");

    private final List<String> told = new ArrayList<>();
    private final TargetRegistry registry = new TargetRegistry(
            CircuitConfig.defaults(),
            BudgetConfig.defaults(),
            LimitConfig.defaults(),
            new SplittableRandom(1),
            new Teller());

    private static Target keyed(String name, String key) {
        return Target.builder(name).credential(key).quota(key).build();
    }

    @Test
    void equalTargetsAreOneAndShareWithThoseOfTheSameKeyAndDomain() {
        TargetState one = registry.state(ONE, 0);
        TargetState two = registry.state(TWO, 0);
        TargetState other = registry.state(OTHER, 0);

        assertThat(registry.state(keyed("a/one", "k"), 0)).isSameAs(one);
        assertThat(registry.known(ONE)).isSameAs(one);
        assertThat(registry.known(Target.of("a/none"))).isNull();
        assertThat(registry.all()).containsExactlyInAnyOrder(one, two, other);
        assertThat(two.domain()).isSameAs(one.domain());
        assertThat(two.credential()).isSameAs(one.credential());
        assertThat(other.domain()).isNotSameAs(one.domain());
        assertThat(other.credential()).isNotSameAs(one.credential());
        assertThat(one.domain().name()).isEqualTo("k");
    }

    @Test
    void targetsWithoutAKeyShareNone() {
        TargetState one = registry.state(Target.of("a/one"), 0);
        TargetState two = registry.state(Target.of("a/two"), 0);

        assertThat(one.credential()).isNotSameAs(two.credential());
    }

    @Test
    void whatIsUnusedForAnHourIsForgottenWhenSomethingIsAdded() {
        TargetState idle = registry.state(ONE, HOUR);
        TargetState busy = registry.state(TWO, HOUR);
        TargetState forced = registry.state(OTHER, HOUR);
        TargetState used = registry.state(keyed("a/used", "used"), HOUR);
        int slot = busy.admission().tryEnter(HOUR);
        forced.circuit().forceOpen(HOUR);
        used.used(HOUR + 120 * SECOND);

        registry.state(keyed("a/early", "early"), 2 * HOUR);
        assertThat(registry.known(ONE)).isSameAs(idle);
        registry.state(keyed("a/late", "late"), 2 * HOUR + 59 * SECOND);
        assertThat(registry.known(ONE)).as("swept less than a minute ago").isSameAs(idle);
        int edition = registry.edition();
        registry.state(keyed("a/later", "later"), 2 * HOUR + 60 * SECOND);

        assertThat(registry.known(ONE)).isNull();
        assertThat(registry.edition()).isNotEqualTo(edition);
        assertThat(registry.known(busy.target())).isSameAs(busy);
        assertThat(registry.known(forced.target())).isSameAs(forced);
        assertThat(registry.known(used.target())).isSameAs(used);
        assertThat(registry.state(ONE, 2 * HOUR + 61 * SECOND).domain()).isSameAs(busy.domain());
        busy.admission().leave(slot, 2 * HOUR + 61 * SECOND);
    }

    @Test
    void domainsAndKeysGoWithTheirLastTarget() {
        TargetState idle = registry.state(ONE, 0);
        registry.state(OTHER, 2 * HOUR);

        TargetState again = registry.state(ONE, 2 * HOUR);

        assertThat(again).isNotSameAs(idle);
        assertThat(again.domain()).isNotSameAs(idle.domain());
        assertThat(again.credential()).isNotSameAs(idle.credential());
    }

    @Test
    void targetThatSomebodyWaitsForIsKept() {
        TargetState idle = registry.state(ONE, 0);
        Waiters.Waiter waiter = new Waiters.Waiter(Nanos.NEVER) {
            @Override
            protected void wake() {
                told.add("woken");
            }
        };
        idle.waiters().join(waiter);

        int edition = registry.edition();
        registry.state(OTHER, 2 * HOUR);

        assertThat(registry.known(ONE)).isSameAs(idle);
        assertThat(registry.edition()).as("nothing was forgotten").isEqualTo(edition);
    }

    @Test
    void waitersAreWokenByAnOpeningABlockAndAPauseThatBegins() {
        TargetState one = registry.state(ONE, 0);
        for (int i = 0; i < 3; i++) {
            int number = i;
            Waiters.Waiter waiter = new Waiters.Waiter(Nanos.NEVER) {
                @Override
                protected void wake() {
                    told.add("woken " + number);
                }
            };
            one.waiters().join(waiter);
            if (i == 1) {
                one.waiters().leave(waiter);
                one.waiters().leave(waiter);
            }
        }
        assertThat(one.waiters().size()).isEqualTo(2);

        one.circuit().forceOpen(0);
        assertThat(told).containsExactly("circuit open", "woken 2", "woken 0");
        told.clear();
        one.circuit().forceClosed(0);
        assertThat(told).containsExactly("circuit closed");
        told.clear();
        one.domain().pause(10 * SECOND, 0);
        assertThat(told).containsExactly("paused k 10", "woken 2", "woken 0");
        told.clear();
        one.domain().pause(11 * SECOND, 0);
        one.domain().pause(5 * SECOND, 0);
        one.domain().pause(0, 0);
        assertThat(told).as("a second more is no news").isEmpty();
        one.domain().pause(13 * SECOND, 0);
        assertThat(told).containsExactly("paused k 13");
        told.clear();
        one.credential().ended(Pass.FREE, false, Failure.of(Category.AUTH, "test", "made up"), one, 0);
        assertThat(told).containsExactly("blocked a/one 60", "woken 2", "woken 0");
    }

    @Test
    void endOfAPauseIsToldByWhoeverLooksFirst() {
        TargetState one = registry.state(ONE, 0);
        assertThat(one.domain().pausedUntilNanos(0)).isLessThanOrEqualTo(0);
        one.domain().pause(10 * SECOND, 0);
        assertThat(one.domain().pausedUntilNanos(9 * SECOND)).isEqualTo(10 * SECOND);
        assertThat(one.returnAtNanos(0)).isEqualTo(10 * SECOND);
        told.clear();

        one.domain().pausedUntilNanos(10 * SECOND);
        one.domain().pausedUntilNanos(10 * SECOND);
        one.domain().reset();
        assertThat(told).containsExactly("resumed k");

        one.domain().pause(30 * SECOND, 20 * SECOND);
        one.domain().reset();
        assertThat(told).containsExactly("resumed k", "paused k 10", "resumed k");
        assertThat(one.returnAtNanos(20 * SECOND)).isLessThanOrEqualTo(20 * SECOND);
    }

    @Test
    void blockIsToldForEveryTargetOfItsKey() {
        TargetState one = registry.state(ONE, 0);
        TargetState two = registry.state(TWO, 0);
        Failure quota = Failure.of(Category.QUOTA_EXHAUSTED, "test", "made up").withCause(new Throwable());

        one.credential().ended(Pass.FREE, false, quota.withHint(Duration.ofSeconds(5)), one, SECOND);

        assertThat(told).containsExactly("blocked a/one 5", "blocked a/two 5");
        assertThat(two.usable(SECOND)).isFalse();
        assertThat(two.credential().acquire(SECOND, SECOND)).isSameAs(Pass.NO);
        assertThat(two.returnAtNanos(SECOND)).isEqualTo(6 * SECOND);
        assertThat(two.credential().blockedBy().cause()).isNull();
        assertThat(two.credential().info(3 * SECOND).since()).isEqualTo(Duration.ofSeconds(2));
        assertThat(two.credential().info(3 * SECOND).until()).isEqualTo(Duration.ofSeconds(3));
        told.clear();

        assertThat(two.usable(6 * SECOND)).isTrue();
        assertThat(two.credential().acquire(6 * SECOND, SECOND)).isSameAs(Pass.FREE);
        assertThat(told).containsExactly("unblocked a/one", "unblocked a/two");
        assertThat(two.credential().info(6 * SECOND)).isNull();
        assertThat(two.credential().blockedBy()).isNull();
    }

    @Test
    void lastFailureIsRememberedWithoutItsCause() {
        TargetState one = registry.state(ONE, 0);
        assertThat(one.lastFailure()).isNull();

        one.failed(Failure.of(Category.NETWORK, "test", "made up").withCause(new Throwable()), 0, 0);

        assertThat(one.lastFailure().category()).isEqualTo(Category.NETWORK);
        assertThat(one.lastFailure().cause()).isNull();
    }

    private final class Teller implements TargetListener {
        @Override
        public void circuitChanged(Target target, CircuitState from, CircuitInfo info) {
            told.add("circuit " + info.state());
        }

        @Override
        public void blocked(Target target, Failure reason, long forNanos) {
            told.add("blocked " + target + ' ' + forNanos / SECOND);
        }

        @Override
        public void unblocked(Target target) {
            told.add("unblocked " + target);
        }

        @Override
        public void paused(QuotaDomain domain, long forNanos) {
            told.add("paused " + domain.name() + ' ' + forNanos / SECOND);
        }

        @Override
        public void resumed(QuotaDomain domain) {
            told.add("resumed " + domain.name());
        }
    }
}
