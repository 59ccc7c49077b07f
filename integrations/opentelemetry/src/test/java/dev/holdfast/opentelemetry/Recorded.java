// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.StreamEvent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/** The real SDK, which keeps everything in memory, and counts the spans that are open. */
final class Recorded implements AutoCloseable {
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
    private final InMemoryLogRecordExporter logs = InMemoryLogRecordExporter.create();
    private final AtomicInteger open = new AtomicInteger();
    final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .addSpanProcessor(new Counting())
                    .build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .setLoggerProvider(SdkLoggerProvider.builder()
                    .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs))
                    .build())
            .build();
    final HoldfastTelemetry telemetry = HoldfastTelemetry.create(sdk);

    Tracer tracer() {
        return sdk.getTracer("test");
    }

    /** Those that have ended, in the order in which they did. */
    List<SpanData> spans() {
        return spans.getFinishedSpanItems();
    }

    /** The only span of this name. */
    SpanData span(String name) {
        List<SpanData> found =
                spans().stream().filter(span -> span.getName().equals(name)).toList();
        assertThat(found).as("spans named " + name + " among " + spans()).hasSize(1);
        return found.get(0);
    }

    List<SpanData> childrenOf(SpanData parent) {
        return spans().stream()
                .filter(span -> span.getParentSpanId().equals(parent.getSpanId()))
                .toList();
    }

    /** The only span without a parent. */
    SpanData root() {
        List<SpanData> found = spans().stream()
                .filter(span -> !span.getParentSpanContext().isValid())
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    List<LogRecordData> logs() {
        return logs.getFinishedLogRecordItems();
    }

    List<HistogramPointData> points(String metric) {
        List<MetricData> all = List.copyOf(metrics.collectAllMetrics());
        return all.stream()
                .filter(data -> data.getName().equals(metric))
                .flatMap(data -> data.getHistogramData().getPoints().stream())
                .toList();
    }

    static <T> T attribute(SpanData span, AttributeKey<T> key) {
        return span.getAttributes().get(key);
    }

    /** The id of the span that is current on this thread. */
    static String current() {
        return Span.current().getSpanContext().getSpanId();
    }

    void assertNoneOpen() {
        assertThat(open).hasValue(0);
    }

    int open() {
        return open.get();
    }

    @Override
    public void close() {
        sdk.close();
    }

    /** Asks for everything; the list grows as events arrive. */
    static List<StreamEvent> readAll(Flow.Publisher<StreamEvent> stream) {
        List<StreamEvent> events = new CopyOnWriteArrayList<>();
        stream.subscribe(new Reader(events));
        return events;
    }

    record Reader(List<StreamEvent> events) implements Flow.Subscriber<StreamEvent> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(StreamEvent event) {
            events.add(event);
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void onComplete() {}
    }

    private final class Counting implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            open.incrementAndGet();
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            open.decrementAndGet();
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
