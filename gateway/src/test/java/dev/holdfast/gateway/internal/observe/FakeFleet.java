// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.Holdfast;
import dev.holdfast.gateway.internal.route.Fleet;
import dev.holdfast.target.Target;
import java.util.ArrayList;
import java.util.List;

/** A fleet that a test sets up by hand, around real engines. */
public final class FakeFleet implements Fleet {
    private final List<Member> members = new ArrayList<>();
    private final List<Runnable> actions = new ArrayList<>();
    private final List<Holdfast> engines;
    public final List<String> models = new ArrayList<>(List.of("default"));

    public FakeFleet(List<Holdfast> engines, String... targets) {
        this.engines = List.copyOf(engines);
        for (String target : targets) {
            add(Target.of(target));
        }
    }

    public void add(Target target) {
        members.add(new Member(target, "openai", engines, false));
    }

    public void remove(String target) {
        members.removeIf(member -> member.target().name().equals(target));
    }

    public void tellChange() {
        List.copyOf(actions).forEach(Runnable::run);
    }

    @Override
    public List<Member> members() {
        return List.copyOf(members);
    }

    @Override
    public List<String> models() {
        return models;
    }

    @Override
    public boolean drain(String target) {
        return set(target, true);
    }

    @Override
    public boolean enable(String target) {
        return set(target, false);
    }

    private boolean set(String target, boolean drained) {
        Member member = member(target);
        if (member == null) {
            return false;
        }
        members.set(members.indexOf(member), new Member(member.target(), member.dialect(), member.engines(), drained));
        return true;
    }

    @Override
    public List<Holdfast> engines() {
        return engines;
    }

    @Override
    public void onChange(Runnable action) {
        actions.add(action);
    }
}
