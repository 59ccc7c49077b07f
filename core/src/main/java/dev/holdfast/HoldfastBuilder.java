// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.EventListener;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds an isolated engine. Not thread-safe. */
public final class HoldfastBuilder {
    ResilienceConfig config = ResilienceConfig.defaults();
    FailureClassifier classifier = FailureClassifier.standard();
    final List<EventListener> listeners = new ArrayList<>();
    final List<CallObserver> observers = new ArrayList<>();
    final List<ContextCarrier> carriers = new ArrayList<>();
    Ticker ticker = Ticker.system();

    @Nullable
    Timer timer;

    @Nullable
    Executor executor;

    @Nullable
    Holdfast continued;

    RandomGenerator random = HoldfastRuntime.random();
    boolean threadBridge;
    boolean closable = true;
    Duration closeTimeout = Duration.ofSeconds(30);

    HoldfastBuilder() {}

    public HoldfastBuilder config(ResilienceConfig value) {
        config = Objects.requireNonNull(value, "config");
        return this;
    }

    /** Default {@link FailureClassifier#standard()}. */
    public HoldfastBuilder classifier(FailureClassifier value) {
        classifier = Objects.requireNonNull(value, "classifier");
        return this;
    }

    /** Adds a listener. */
    public HoldfastBuilder listener(EventListener value) {
        listeners.add(Objects.requireNonNull(value, "listener"));
        return this;
    }

    /** Adds an observer, which goes along with each call. */
    public HoldfastBuilder observer(CallObserver value) {
        observers.add(Objects.requireNonNull(value, "observer"));
        return this;
    }

    /** Adds a carrier of what belongs to the calling thread, so that attempts on other threads have it too. */
    public HoldfastBuilder carrier(ContextCarrier value) {
        carriers.add(Objects.requireNonNull(value, "carrier"));
        return this;
    }

    /** Time and its timer; they must share one scale. Default: those of the process. */
    public HoldfastBuilder time(Ticker newTicker, Timer newTimer) {
        ticker = Objects.requireNonNull(newTicker, "ticker");
        timer = Objects.requireNonNull(newTimer, "timer");
        return this;
    }

    /**
     * Where retried attempts, listeners and classifiers run. Default: {@link HoldfastRuntime#executor()}, which also
     * takes what this one rejects: a timeout must be able to end a call whatever happened to a pool.
     */
    public HoldfastBuilder executor(Executor value) {
        executor = Objects.requireNonNull(value, "executor");
        return this;
    }

    /** The only source of chance; must be safe to share between threads. */
    public HoldfastBuilder random(RandomGenerator value) {
        random = Objects.requireNonNull(value, "random");
        return this;
    }

    /**
     * Whether calls that an attempt makes on its own thread are nested in it without being told so by {@link
     * CallOptions#within}. Default false.
     */
    public HoldfastBuilder threadBridge(boolean value) {
        threadBridge = value;
        return this;
    }

    /** How long {@link Holdfast#close} waits for what runs before it ends it; default 30 s, zero for not at all. */
    public HoldfastBuilder closeTimeout(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("closeTimeout must not be negative: " + value);
        }
        closeTimeout = value;
        return this;
    }

    /**
     * Goes on where another engine stops, for a change of configuration while calls run: what that engine knows about its
     * targets holds here too, as far as the configurations agree. Where circuit, budget and limits are the same both share
     * whole targets, with what is in flight there; else blocks and pauses at least. Both must have the same time. The other
     * one is meant to be {@linkplain Holdfast#drain drained}; from now on events of the shared targets come from this one.
     */
    public HoldfastBuilder continuing(Holdfast earlier) {
        continued = Objects.requireNonNull(earlier, "earlier");
        return this;
    }

    HoldfastBuilder unclosable() {
        closable = false;
        return this;
    }

    public Holdfast build() {
        return new Holdfast(this);
    }
}
