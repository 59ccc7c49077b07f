// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.route;

import dev.holdfast.Holdfast;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.target.Target;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that is in force. Calls read it once, at their start, and keep what they found: a change never disturbs
 * one that runs. Thread-safe; changes come one at a time.
 */
public final class Live implements Fleet, AutoCloseable {
    private final Engines making;
    private final OpenModels open;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    /** Engines of earlier configurations that still have calls. */
    private final Set<Holdfast> leaving = new HashSet<>(); // guarded by itself

    private volatile Models models;

    /**
     * @param environment for the keys of models that callers name themselves
     * @param simulator where the simulator answers; null where none runs
     */
    public Live(
            GatewayConfig config,
            Engines making,
            Function<String, @Nullable String> environment,
            @Nullable URI simulator) {
        this.making = making;
        this.open = new OpenModels(environment, simulator);
        this.models = Models.of(config, null, Set.of(), making);
    }

    public GatewayConfig config() {
        return models.config();
    }

    /** Where calls for a model go; null if there is none of this name. */
    public @Nullable ModelRoute route(String model) {
        Models now = models;
        ModelRoute route = now.routes().get(model);
        return route == null && now.config().openModels() ? open.route(model, now.standardEngine()) : route;
    }

    /** Puts another configuration in force. What is the same in both keeps its state. */
    public void replace(GatewayConfig config) {
        Set<Holdfast> gone;
        synchronized (this) {
            Models before = models;
            Models after = Models.of(config, before, kept(before.drained(), config), making);
            models = after;
            gone = new HashSet<>(before.engines().values());
            gone.removeAll(after.engines().values());
        }
        gone.forEach(this::letGo);
        tell();
    }

    private static Set<String> kept(Set<String> drained, GatewayConfig config) {
        Set<String> kept = new HashSet<>(drained);
        kept.retainAll(config.targets().keySet());
        return kept;
    }

    private void letGo(Holdfast engine) {
        synchronized (leaving) {
            leaving.add(engine);
        }
        engine.drain().whenComplete((done, error) -> {
            synchronized (leaving) {
                leaving.remove(engine);
            }
        });
    }

    @Override
    public List<Member> members() {
        Models now = models;
        List<Member> members = new ArrayList<>();
        now.upstreams().forEach((name, upstream) -> {
            List<Holdfast> engines = now.enginesOf(upstream.target());
            members.add(member(upstream, engines, now));
        });
        if (now.config().openModels()) {
            open.known().forEach(upstream -> members.add(member(upstream, List.of(now.standardEngine()), now)));
        }
        return members;
    }

    private static Member member(Upstream upstream, List<Holdfast> engines, Models now) {
        Target target = upstream.target();
        // A target that no model names belongs to the policy it would get.
        List<Holdfast> all = engines.isEmpty() ? List.of(now.standardEngine()) : engines;
        return new Member(target, upstream.dialect().name(), all, now.drained().contains(target.name()));
    }

    @Override
    public List<String> models() {
        return List.copyOf(models.routes().keySet());
    }

    @Override
    public boolean drain(String target) {
        return change(target, true);
    }

    @Override
    public boolean enable(String target) {
        return change(target, false);
    }

    private boolean change(String target, boolean drained) {
        synchronized (this) {
            Models now = models;
            if (!now.upstreams().containsKey(target)) {
                return false;
            }
            Set<String> names = new HashSet<>(now.drained());
            if (drained ? names.add(target) : names.remove(target)) {
                models = now.withDrained(names);
            }
        }
        tell();
        return true;
    }

    @Override
    public List<Holdfast> engines() {
        return List.copyOf(new LinkedHashSet<>(models.engines().values()));
    }

    @Override
    public void onChange(Runnable action) {
        watchers.add(action);
    }

    private void tell() {
        watchers.forEach(Runnable::run);
    }

    /** No new calls anywhere; done when the last one has ended. */
    public CompletableFuture<Void> drain() {
        return CompletableFuture.allOf(all().stream().map(Holdfast::drain).toArray(CompletableFuture<?>[]::new));
    }

    /** Ends what is left: its callers are told so. */
    @Override
    public void close() {
        all().forEach(Holdfast::close);
    }

    /** The engines in force and those of before that still have calls. */
    private List<Holdfast> all() {
        List<Holdfast> all = new ArrayList<>(engines());
        synchronized (leaving) {
            all.addAll(leaving);
        }
        return all;
    }
}
