// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.jfr;

import dev.holdfast.event.EventListener;
import java.util.function.Function;
import java.util.stream.Stream;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;

/** Listens to one engine while it is of use. */
final class Follower implements FlightRecorderListener {
    private final Function<EventListener, Runnable> addListener;

    // guarded by this
    private @Nullable Runnable remove;
    private boolean stopped;

    private Follower(Function<EventListener, Runnable> addListener) {
        this.addListener = addListener;
    }

    static Runnable start(Function<EventListener, Runnable> addListener) {
        Follower follower = new Follower(addListener);
        FlightRecorder.addListener(follower);
        follower.look();
        return follower::stop;
    }

    @Override
    public void recordingStateChanged(Recording recording) {
        look();
    }

    private synchronized void look() {
        boolean wanted = !stopped && isWanted();
        if (wanted && remove == null) {
            remove = addListener.apply(new FlightRecording());
        } else if (!wanted && remove != null) {
            remove.run();
            remove = null;
        }
    }

    /** Asks no further where nothing has ever been recorded: the first question makes the recorder start. */
    private static boolean isWanted() {
        return FlightRecorder.isInitialized()
                && FlightRecorder.getFlightRecorder().getRecordings().stream()
                        .anyMatch(recording -> recording.getState() == RecordingState.RUNNING)
                && Stream.of(AttemptEvent.class, CallSpanEvent.class, CircuitChangeEvent.class)
                        .anyMatch(event -> EventType.getEventType(event).isEnabled());
    }

    private void stop() {
        FlightRecorder.removeListener(this);
        synchronized (this) {
            stopped = true;
            look();
        }
    }
}
