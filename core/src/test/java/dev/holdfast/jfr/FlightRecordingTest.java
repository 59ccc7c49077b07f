// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.jfr;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.CallOptions;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.event.EventListener;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real recording in real time, which the JDK alone can make; the engines are in virtual time. */
@Timeout(60)
class FlightRecordingTest {
    private static final Targets AB = Targets.named("a/one", "b/two");

    @TempDir
    Path folder;

    private final VirtualHoldfast holdfast = new VirtualHoldfast();

    private List<RecordedEvent> recorded(Runnable action) throws Exception {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.holdfast."))
                .toList();
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.holdfast." + name))
                .toList();
    }

    @Test
    void callAndItsAttemptsAreRecorded() throws Exception {
        Runnable stop = FlightRecording.follow(holdfast.engine::addListener);

        List<RecordedEvent> events = recorded(() -> {
            holdfast.callWith(AB, CallOptions.none(), attempt -> {
                if (attempt.number() == 1) {
                    return CompletableFuture.failedFuture(fault(Category.SERVER_ERROR));
                }
                attempt.usage(12, 34);
                return CompletableFuture.completedFuture("hello");
            });
            holdfast.run();
        });

        stop.run();
        assertThat(named(events, "Attempt"))
                .extracting(
                        event -> event.getString("target"),
                        event -> event.getInt("number"),
                        event -> event.getString("outcome"),
                        event -> event.getString("category"),
                        event -> event.getLong("inputTokens"),
                        event -> event.getLong("outputTokens"))
                .containsExactly(
                        tuple("a/one", 1, "failure", "server_error", 0L, 0L),
                        tuple("b/two", 2, "success", null, 12L, 34L));
        assertThat(named(events, "Call")).singleElement().satisfies(call -> {
            assertThat(call.getString("outcome")).isEqualTo("success");
            assertThat(call.getString("target")).isEqualTo("b/two");
            assertThat(call.getInt("attempts")).isEqualTo(2);
            assertThat(call.getString("callId"))
                    .isEqualTo(named(events, "Attempt").get(0).getString("callId"));
            assertThat(call.getDuration()).isPositive();
            assertThat(call.getEventType().getCategoryNames()).containsExactly("Holdfast");
            assertThat(call.getEventType().getField("waited").getLabel()).isEqualTo("Waited");
        });
        holdfast.assertAllReturned();
    }

    @Test
    void attemptThatWasLeftIsRecordedWithItsDurationAndOneWhoseStartWasMissedWithout() throws Exception {
        Target target = Target.of("a/one");
        FlightRecording listener = new FlightRecording();

        List<RecordedEvent> events = recorded(() -> {
            listener.on(new CallEvent.AttemptStarted("call", target, 1, 3, CircuitState.CLOSED, false));
            listener.on(new CallEvent.AttemptCancelled("call", target, 1, 3, Duration.ofSeconds(2), 5, 6));
            listener.on(new CallEvent.AttemptCancelled("call", target, 2, 3, Duration.ofSeconds(2), 0, 0));
        });

        assertThat(named(events, "Attempt"))
                .extracting(
                        event -> event.getInt("number"),
                        event -> event.getString("outcome"),
                        event -> event.getLong("inputTokens"),
                        event -> event.getLong("outputTokens"),
                        event -> event.getDuration("elapsed"),
                        event -> event.getDuration().isZero())
                .containsExactly(
                        tuple(1, "cancelled", 5L, 6L, Duration.ofSeconds(2), false),
                        tuple(2, "cancelled", 0L, 0L, Duration.ofSeconds(2), true));
    }

    @Test
    void halfOpenCircuitIsRecordedAsComingFromOpen() throws Exception {
        CircuitInfo info = new CircuitInfo(CircuitState.HALF_OPEN, false, 2, 0, 0, 1, Duration.ofSeconds(3), 0);

        List<RecordedEvent> events =
                recorded(() -> new FlightRecording().on(new TargetEvent.CircuitHalfOpened(Target.of("a/one"), info)));

        assertThat(named(events, "CircuitChange")).singleElement().satisfies(change -> {
            assertThat(change.getString("from")).isEqualTo("open");
            assertThat(change.getString("to")).isEqualTo("half_open");
            assertThat(change.getDuration("retryIn")).isEqualTo(Duration.ofSeconds(3));
        });
    }

    @Test
    void changesOfACircuitAreRecorded() throws Exception {
        Runnable stop = FlightRecording.follow(holdfast.engine::addListener);

        List<RecordedEvent> events = recorded(() -> {
            holdfast.engine.forceOpen(Target.of("a/one"));
            holdfast.engine.reset(Target.of("a/one"));
        });

        stop.run();
        assertThat(named(events, "CircuitChange"))
                .extracting(
                        event -> event.getString("from"),
                        event -> event.getString("to"),
                        event -> event.getBoolean("forced"))
                .containsExactly(tuple("closed", "open", true), tuple("open", "closed", false));
    }

    @Test
    void engineIsListenedToOnlyWhileARecordingWantsTheseEvents() {
        List<EventListener> listening = new ArrayList<>();
        Runnable stop = FlightRecording.follow(listener -> {
            listening.add(listener);
            return () -> listening.remove(listener);
        });

        assertThat(listening).isEmpty();
        try (Recording without = new Recording()) {
            without.disable("dev.holdfast.Call");
            without.disable("dev.holdfast.Attempt");
            without.disable("dev.holdfast.CircuitChange");
            without.start();
            assertThat(listening).isEmpty();
        }
        try (Recording recording = new Recording()) {
            recording.start();
            assertThat(listening).hasSize(1);
            try (Recording second = new Recording()) {
                second.start();
                assertThat(listening).hasSize(1);
            }
            assertThat(listening).hasSize(1);
            recording.stop();
            assertThat(listening).isEmpty();
        }
        try (Recording recording = new Recording()) {
            recording.start();
            stop.run();
            assertThat(listening).isEmpty();
            Runnable stopLater = FlightRecording.follow(listener -> {
                listening.add(listener);
                return listening::clear;
            });
            assertThat(listening)
                    .as("a recording that ran already when it was followed")
                    .hasSize(1);
            stopLater.run();
        }
    }

    @Test
    void callThatBeganBeforeTheRecordingIsRecordedAtItsEnd() throws Exception {
        Runnable stop = FlightRecording.follow(holdfast.engine::addListener);
        CompletableFuture<Object> answer = new CompletableFuture<>();
        holdfast.call(AB, answer);

        List<RecordedEvent> events = recorded(() -> answer.complete("hello"));

        stop.run();
        assertThat(named(events, "Call")).hasSize(1);
        assertThat(named(events, "Attempt")).hasSize(1);
        holdfast.assertAllReturned();
    }
}
