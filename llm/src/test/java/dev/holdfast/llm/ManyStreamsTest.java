// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.RampConfig;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What very many streams and very slow readers cost, measured: heap and platform threads of this process, in which both ends
 * of every connection live. Over real sockets, with the executor and the transport that users get.
 */
@Timeout(120)
class ManyStreamsTest {
    private static final int STREAMS = 2000;
    /** The pool that stands in for virtual threads, the client's and the server's own few. */
    private static final int MOST_THREADS = 64 + 32;

    private static final long MOST_BYTES_PER_STREAM = 96 << 10;
    private static final long MOST_BYTES_PER_SLOW_READER = 1 << 20;

    /** Without the ramp, which lets a crowd grow and would make the most of it wait: here all are wanted at once. */
    private final Holdfast engine = Holdfast.builder()
            .config(ResilienceConfig.defaults()
                    .withLimits(LimitConfig.defaults().withRamp(RampConfig.disabled())))
            .build();

    private Simulator simulator;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(SimulatorOptions.defaults());
    }

    @AfterEach
    void stop() {
        Guarded.await("the server has nothing open", () -> simulator.stats().open() == 0);
        Conservation.awaitAllReturned(engine);
        engine.close();
        simulator.close();
    }

    private Llm llm(String model) {
        return Llm.builder()
                .baseUrl("sim", simulator.baseUri().toString())
                .targets(model)
                .holdfast(engine)
                .build();
    }

    @Test
    void twoThousandOpenStreamsHoldNoThreadEachAndLittleHeap() throws Exception {
        Reading.all(llm("sim/ok").stream("Hello")).end(); // what is made once
        int threadsBefore = platformThreads();
        long heapBefore = usedHeap();
        Llm llm = llm("sim/stall");
        List<Reading> readings = new ArrayList<>();

        for (int i = 0; i < STREAMS; i++) {
            readings.add(Reading.all(llm.stream("Hello")));
        }
        for (Reading reading : readings) {
            reading.awaitContent();
        }

        int threads = platformThreads() - threadsBefore;
        long perStream = (usedHeap() - heapBefore) / STREAMS;
        assertThat(simulator.stats().open()).isEqualTo(STREAMS);
        System.out.println("ManyStreamsTest: " + STREAMS + " open streams: " + threads + " more platform threads, "
                + perStream + " bytes of heap each, both ends; Java "
                + Runtime.version().feature());
        assertThat(threads).isLessThan(MOST_THREADS);
        assertThat(perStream).isLessThan(MOST_BYTES_PER_STREAM);
        readings.forEach(Reading::cancel);
    }

    @Test
    void readersThatStandStillDoNotGrowTheHeap() throws Exception {
        Reading.all(llm("sim/ok").stream("Hello")).end();
        int readers = 20;
        Llm llm = llm("sim/tokens=2000000");
        long heapBefore = usedHeap();
        List<Counting> slow = new ArrayList<>();

        for (int i = 0; i < readers; i++) {
            Counting reader = new Counting();
            llm.stream("Hello").subscribe(reader);
            slow.add(reader);
        }
        Guarded.await("each has its first event", () -> slow.stream().allMatch(reader -> reader.events.get() == 1));
        awaitStandstill();

        long perReader = (usedHeap() - heapBefore) / readers;
        System.out.println("ManyStreamsTest: " + perReader + " bytes of heap for each reader that stands still");
        assertThat(perReader).isLessThan(MOST_BYTES_PER_SLOW_READER);
        assertThat(slow).allSatisfy(reader -> assertThat(reader.events).hasValue(1));
        slow.forEach(reader -> reader.subscription.cancel());
    }

    /** Until the server cannot write any more: all buffers on the way are full. */
    private void awaitStandstill() throws InterruptedException {
        long written = -1;
        while (written != simulator.stats().tokensBilled()) {
            written = simulator.stats().tokensBilled();
            new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
        }
    }

    private static int platformThreads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Asks for one event and stands still. */
    private static final class Counting implements Flow.Subscriber<StreamEvent> {
        final AtomicInteger events = new AtomicInteger();
        volatile Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(StreamEvent event) {
            events.incrementAndGet();
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {}
    }
}
