// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tck;

import dev.holdfast.llm.Collected;
import dev.holdfast.llm.StreamEvent;
import java.util.concurrent.Flow;
import java.util.function.LongFunction;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.TestEnvironment.ManualSubscriber;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The rules of reactive streams, checked against one kind of our publishers. TestNG makes it from a subclass without arguments. */
abstract class StreamVerification extends FlowPublisherVerification<StreamEvent> {
    /** Bounds failure alone: how long the kit waits for a signal that must come. */
    private static final long PATIENCE_MILLIS = 20_000;

    /** How long the kit listens for a signal that must not come. */
    private static final long QUIET_MILLIS = 50;
    /** How often the kit looks for an error that must come. */
    private static final long POLL_MILLIS = 20;

    private static final long MOST_EVENTS = 5000;

    private final TestEnvironment environment;
    private final LongFunction<Flow.Publisher<StreamEvent>> publishers;

    /** @param publishers gives a stream of so many events, the terminal one included; at least one */
    StreamVerification(LongFunction<Flow.Publisher<StreamEvent>> publishers) {
        this(new TestEnvironment(PATIENCE_MILLIS, QUIET_MILLIS, POLL_MILLIS), publishers);
    }

    private StreamVerification(TestEnvironment environment, LongFunction<Flow.Publisher<StreamEvent>> publishers) {
        super(environment, PATIENCE_MILLIS);
        this.environment = environment;
        this.publishers = publishers;
    }

    @Override
    public Flow.Publisher<StreamEvent> createFlowPublisher(long elements) {
        return publishers.apply(Math.max(1, elements)); // the kit asks for none where it does not read
    }

    /** There is none: a stream fails by its last event. */
    @Override
    public Flow.Publisher<StreamEvent> createFailedFlowPublisher() {
        return null;
    }

    @Override
    public long maxElementsFromPublisher() {
        return MOST_EVENTS;
    }

    /**
     * The kit's steps with the rule's own "eventually": the kit looks once, a second after the cancel, which a machine that
     * is busy elsewhere does not keep.
     */
    @Override
    @Test
    public void required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber()
            throws Throwable {
        activePublisherTest(3, false, publisher -> {
            Collected subscriber = cancelled(publisher);

            if (!subscriber.eventually()) {
                environment.flop("The publisher holds the subscriber long after it has cancelled");
            }
            environment.verifyNoAsyncErrorsNoDelay();
        });
    }

    /** A method of its own, so that no frame holds the subscriber. */
    private Collected cancelled(Publisher<StreamEvent> publisher) throws InterruptedException {
        ManualSubscriber<StreamEvent> subscriber = environment.newManualSubscriber(publisher);
        subscriber.request(1);
        subscriber.nextElement();
        subscriber.cancel();
        return new Collected(subscriber);
    }

    @Override
    public void optional_spec105_emptyStreamMustTerminateBySignallingOnComplete() {
        throw new SkipException("there is no empty stream: each has a terminal event");
    }
}
