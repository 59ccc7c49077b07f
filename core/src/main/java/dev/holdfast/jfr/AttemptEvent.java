// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** One attempt, from its start to its end. */
@Name("dev.holdfast.Attempt")
@Label("Attempt")
@Description("One try of a call on one target")
@Category("Holdfast")
@StackTrace(false)
final class AttemptEvent extends Event {
    @Label("Call Id")
    String callId = "";

    @Label("Target")
    @Description("Provider and model, or the name that the target was given")
    String target = "";

    @Label("Number")
    @Description("Counted from 1 within its call")
    int number;

    @Label("Outcome")
    @Description("success, failure, ignored (no evidence about the target) or cancelled")
    String outcome = "";

    @Label("Category")
    @Description("What kind of failure it was; empty for none")
    @Nullable
    String category;

    @Label("Elapsed")
    @Description("As the engine measured it; start and duration of this event are when it was told")
    @Timespan(Timespan.NANOSECONDS)
    long elapsed;

    @Label("Input Tokens")
    @Description("As the attempt told them; 0 where it did not")
    long inputTokens;

    @Label("Output Tokens")
    @Description("As the attempt told them; 0 where it did not")
    long outputTokens;
}
