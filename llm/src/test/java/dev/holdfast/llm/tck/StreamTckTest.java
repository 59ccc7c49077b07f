// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;

/**
 * The test kit of reactive streams, one JUnit test for each of its rules. In real time and, for two of four, over sockets:
 * the kit waits for signals by the clock.
 */
@Timeout(240)
class StreamTckTest {
    /**
     * What the kit cannot check of any publisher (untested), what a stream that ends by an event does not have, what
     * needs one without end, and what is asked of publishers that give several readers the same.
     */
    private static final Set<String> NOT_APPLICABLE = Set.of(
            "required_spec317_mustNotSignalOnErrorWhenPendingAboveLongMaxValue",
            "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront",
            "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected",
            "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne",
            "optional_spec104_mustSignalOnErrorWhenFails",
            "optional_spec105_emptyStreamMustTerminateBySignallingOnComplete",
            "required_spec109_mayRejectCallsToSubscribeIfPublisherIsUnableOrUnwillingToServeThemRejectionMustTriggerOnErrorAfterOnSubscribe",
            "untested_spec106_mustConsiderSubscriptionCancelledAfterOnErrorOrOnCompleteHasBeenCalled",
            "untested_spec107_mustNotEmitFurtherSignalsOnceOnErrorHasBeenSignalled",
            "untested_spec108_possiblyCanceledSubscriptionShouldNotReceiveOnErrorOrOnCompleteSignals",
            "untested_spec109_subscribeShouldNotThrowNonFatalThrowable",
            "untested_spec110_rejectASubscriptionRequestIfTheSameSubscriberSubscribesTwice",
            "untested_spec304_requestShouldNotPerformHeavyComputations",
            "untested_spec305_cancelMustNotSynchronouslyPerformHeavyComputation");

    private static Publishers publishers;

    @BeforeAll
    static void start() {
        publishers = Publishers.start();
    }

    @AfterAll
    static void stop() {
        publishers.close();
    }

    /** Raw, made up. */
    public static final class RawMock extends StreamVerification {
        public RawMock() {
            super(events -> Publishers.open().mock(false, events));
        }
    }

    /** Guarded, made up. */
    public static final class GuardedMock extends StreamVerification {
        public GuardedMock() {
            super(events -> Publishers.open().mock(true, events));
        }
    }

    /** Raw, over a socket. */
    public static final class RawSocket extends StreamVerification {
        public RawSocket() {
            super(events -> Publishers.open().socket(false, events));
        }
    }

    /** Guarded, over a socket. */
    public static final class GuardedSocket extends StreamVerification {
        public GuardedSocket() {
            super(events -> Publishers.open().socket(true, events));
        }
    }

    @TestFactory
    Stream<DynamicTest> rawMock() {
        return rules(RawMock.class);
    }

    @TestFactory
    Stream<DynamicTest> guardedMock() {
        return rules(GuardedMock.class);
    }

    @TestFactory
    Stream<DynamicTest> rawSocket() {
        return rules(RawSocket.class);
    }

    @TestFactory
    Stream<DynamicTest> guardedSocket() {
        return rules(GuardedSocket.class);
    }

    private static Stream<DynamicTest> rules(Class<? extends StreamVerification> kind) {
        List<ITestResult> results = run(kind);
        List<DynamicTest> rules = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (ITestResult result : results) {
            String name = result.getMethod().getMethodName();
            if (result.getStatus() == ITestResult.SKIP) {
                skipped.add(name);
            } else {
                rules.add(DynamicTest.dynamicTest(name, () -> {
                    if (result.getStatus() != ITestResult.SUCCESS) {
                        throw new AssertionError(name, result.getThrowable());
                    }
                }));
            }
        }
        rules.add(DynamicTest.dynamicTest("everything else was checked", () -> {
            assertThat(skipped).isSubsetOf(NOT_APPLICABLE);
            assertThat(results.size() - skipped.size()).isGreaterThanOrEqualTo(24);
        }));
        return rules.stream();
    }

    private static List<ITestResult> run(Class<?> kind) {
        List<ITestResult> results = new ArrayList<>();
        TestNG kit = new TestNG(false);
        kit.setVerbose(0);
        kit.setTestClasses(new Class<?>[] {kind});
        kit.addListener(new ITestListener() {
            @Override
            public void onTestSuccess(ITestResult result) {
                results.add(result);
            }

            @Override
            public void onTestFailure(ITestResult result) {
                results.add(result);
            }

            @Override
            public void onTestSkipped(ITestResult result) {
                results.add(result);
            }
        });
        kit.run();
        return results;
    }
}
