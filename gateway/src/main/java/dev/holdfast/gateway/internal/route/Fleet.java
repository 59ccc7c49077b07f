// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.route;

import dev.holdfast.Holdfast;
import dev.holdfast.target.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the gateway calls right now: its models and targets, and the engines that guard them. Thread-safe. */
public interface Fleet {

    /**
     * One target.
     *
     * @param target as the engines know it; its name is the one in the configuration
     * @param dialect {@code openai} or {@code anthropic}
     * @param engines each policy has its own; those that may send calls here, at least one
     * @param drained whether it gets no new calls, by an operator's wish
     */
    record Member(Target target, String dialect, List<Holdfast> engines, boolean drained) {
        public Member {
            engines = List.copyOf(engines);
        }
    }

    /** All targets in the order of the configuration, then those that callers named themselves. */
    List<Member> members();

    /** The target of this name; null if there is none. */
    default @Nullable Member member(String name) {
        return members().stream()
                .filter(member -> member.target().name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The names that clients may ask for, in the order of the configuration. */
    List<String> models();

    /** Gives the target no new calls; those that run go on. False if there is none of this name. */
    boolean drain(String target);

    /** Takes {@link #drain} back. False if there is none of this name. */
    boolean enable(String target);

    /** Every engine, to listen to; changes with a reload, which is told to {@link #onChange}. */
    List<Holdfast> engines();

    /** Runs the action after each change of targets, models or engines. */
    void onChange(Runnable action);
}
