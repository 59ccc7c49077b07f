// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import dev.holdfast.CallObservation;
import dev.holdfast.CallObserver;
import dev.holdfast.CallOptions;
import dev.holdfast.ContextCarrier;
import dev.holdfast.ContextScope;
import dev.holdfast.Holdfast;
import dev.holdfast.event.CallEvent;
import dev.holdfast.llm.Llm;
import dev.holdfast.time.Ticker;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Objects;

/**
 * Spans, metrics and events of what an engine does, for OpenTelemetry. A call is one span, retries and failover included, as the
 * conventions for generative AI ask for; below it each attempt is one, current while the attempt's function runs, so that the
 * instrumentation of an HTTP client nests there. No prompt, answer or key is in any of them.
 *
 * <pre>{@code
 * Runnable stop = HoldfastTelemetry.create(openTelemetry).follow(llm);
 * }</pre>
 *
 * <p>A call's span is a child of what was current where the call was made, also where it was made within another call's {@link
 * dev.holdfast.CallContext}; attempts after a wait keep to it. Thread-safe.
 */
public final class HoldfastTelemetry {
    private final Tracer tracer;
    private final Instruments instruments;
    private final OpenTelemetry openTelemetry;

    private HoldfastTelemetry(OpenTelemetry openTelemetry) {
        this.openTelemetry = Objects.requireNonNull(openTelemetry, "openTelemetry");
        this.tracer = openTelemetry.getTracer(Names.SCOPE);
        this.instruments = new Instruments(openTelemetry.getMeter(Names.SCOPE));
    }

    /** Tells what happens through this. */
    public static HoldfastTelemetry create(OpenTelemetry openTelemetry) {
        return new HoldfastTelemetry(openTelemetry);
    }

    /** Follows the engine that guards these models, and with it every call of that engine. */
    public Runnable follow(Llm llm) {
        return follow(llm.engine());
    }

    /**
     * Follows every call that begins at this engine from now on, carries OpenTelemetry's context to its attempts, and tells of
     * changes of circuits.
     *
     * @return stops following; calls that are under way are followed to their end
     */
    public Runnable follow(Holdfast engine) {
        Runnable carrier = engine.addCarrier(carrier());
        Runnable observer = engine.addObserver(observer(engine.ticker()));
        Runnable listener = engine.addListener(new CircuitEvents(openTelemetry));
        return () -> {
            observer.run();
            carrier.run();
            listener.run();
        };
    }

    /** Carries OpenTelemetry's context alone, for engines whose calls are not to be traced. */
    public static ContextCarrier carrier() {
        return () -> {
            Context context = Context.current();
            return () -> open(context);
        };
    }

    /** Makes it current until what is returned is closed, which the engine sees to. */
    @SuppressWarnings("MustBeClosedChecker")
    static ContextScope open(Context context) {
        Scope scope = context.makeCurrent();
        return scope::close;
    }

    private CallObserver observer(Ticker ticker) {
        return (CallEvent.CallStarted started, CallOptions options) -> observe(started, options, ticker);
    }

    private CallObservation observe(CallEvent.CallStarted started, CallOptions options, Ticker ticker) {
        return new CallTrace(tracer, instruments, Subject.of(started, options), started, ticker);
    }
}
