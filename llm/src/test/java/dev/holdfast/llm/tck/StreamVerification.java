// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tck;

import dev.holdfast.llm.StreamEvent;
import java.util.concurrent.Flow;
import java.util.function.LongFunction;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;

/** The rules of reactive streams, checked against one kind of our publishers. TestNG makes it from a subclass without arguments. */
abstract class StreamVerification extends FlowPublisherVerification<StreamEvent> {
    private static final long PATIENCE_MILLIS = 1000;
    private static final long QUIET_MILLIS = 50;
    private static final long MOST_EVENTS = 5000;

    private final LongFunction<Flow.Publisher<StreamEvent>> publishers;

    /** @param publishers gives a stream of so many events, the terminal one included; at least one */
    StreamVerification(LongFunction<Flow.Publisher<StreamEvent>> publishers) {
        super(new TestEnvironment(PATIENCE_MILLIS, QUIET_MILLIS), PATIENCE_MILLIS);
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

    @Override
    public void optional_spec105_emptyStreamMustTerminateBySignallingOnComplete() {
        throw new SkipException("there is no empty stream: each has a terminal event");
    }
}
