// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.Holdfast;
import dev.holdfast.gateway.internal.route.Fleet;
import dev.holdfast.target.Target;
import java.util.function.BiConsumer;

/** What an operator can do to one target; to its circuit in every engine. */
enum TargetAction {
    OPEN("open", "forced_open", circuit(Holdfast::forceOpen)),
    CLOSE("close", "forced_closed", circuit(Holdfast::forceClosed)),
    RESET("reset", "reset", circuit(Holdfast::reset)),
    DRAIN("drain", "drained", (member, fleet) -> fleet.drain(member.target().name())),
    ENABLE("enable", "enabled", (member, fleet) -> fleet.enable(member.target().name()));

    private final String word;
    private final String told;
    private final BiConsumer<Fleet.Member, Fleet> action;

    TargetAction(String word, String told, BiConsumer<Fleet.Member, Fleet> action) {
        this.word = word;
        this.told = told;
        this.action = action;
    }

    private static BiConsumer<Fleet.Member, Fleet> circuit(BiConsumer<Holdfast, Target> action) {
        return (member, fleet) -> member.engines().forEach(engine -> action.accept(engine, member.target()));
    }

    /** The last segment of its path. */
    String word() {
        return word;
    }

    /** What those who watch are told. */
    String told() {
        return told;
    }

    void on(Fleet.Member member, Fleet fleet) {
        action.accept(member, fleet);
    }
}
