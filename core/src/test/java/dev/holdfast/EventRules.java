// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.HoldfastEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What holds for the events of every call that has ended, whatever happened in it. */
final class EventRules {
    private EventRules() {}

    /** Of each call: one start, first; one end, last; each attempt one start and after it one end. */
    static void check(List<HoldfastEvent> events) {
        Map<String, CallSeen> calls = new LinkedHashMap<>();
        for (HoldfastEvent event : events) {
            if (event instanceof CallEvent of) {
                calls.computeIfAbsent(of.callId(), id -> new CallSeen()).see(of);
            }
        }
        calls.forEach((id, seen) -> seen.check(id));
    }

    private static final class CallSeen {
        private final StringBuilder story = new StringBuilder();
        private final Map<Integer, String> attempts = new TreeMap<>();
        private int starts;
        private int ends;
        private boolean wrong;

        void see(CallEvent event) {
            story.append(event.getClass().getSimpleName()).append(' ');
            wrong |= ends > 0 || (starts == 0 && !(event instanceof CallEvent.CallStarted));
            if (event instanceof CallEvent.CallStarted) {
                starts++;
            } else if (event instanceof CallEvent.CallEnded) {
                ends++;
            } else if (event instanceof CallEvent.AttemptStarted started) {
                attempts.merge(started.attempt(), "S", String::concat);
            } else if (event instanceof CallEvent.AttemptCommitted committed) {
                attempts.merge(committed.attempt(), "C", String::concat);
            } else if (event instanceof CallEvent.AttemptSucceeded succeeded) {
                attempts.merge(succeeded.attempt(), "E", String::concat);
            } else if (event instanceof CallEvent.AttemptFailed failed) {
                attempts.merge(failed.attempt(), "E", String::concat);
            } else if (event instanceof CallEvent.AttemptCancelled cancelled) {
                attempts.merge(cancelled.attempt(), "E", String::concat);
            }
        }

        void check(String id) {
            assertThat(wrong).as("call %s tells out of order: %s", id, story).isFalse();
            assertThat(starts).as("starts of call %s: %s", id, story).isEqualTo(1);
            assertThat(ends).as("ends of call %s: %s", id, story).isEqualTo(1);
            assertThat(Set.of("SE", "SCE"))
                    .as("attempts of call %s: %s", id, story)
                    .containsAll(attempts.values());
        }
    }
}
