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

/** One call, from its start to its end. */
@Name("dev.holdfast.Call")
@Label("Call")
@Description("What the user asked for once, with all its attempts and waits")
@Category("Holdfast")
@StackTrace(false)
final class CallSpanEvent extends Event {
    @Label("Call Id")
    String callId = "";

    @Label("Outcome")
    @Description("success, failure or cancelled")
    String outcome = "";

    @Label("Category")
    @Description("What kind of failure it was; empty for none")
    @Nullable
    String category;

    @Label("Target")
    @Description("The one that decided the call; empty where none did")
    @Nullable
    String target;

    @Label("Attempts")
    int attempts;

    @Label("Waited")
    @Description("What was spent between attempts and for slots")
    @Timespan(Timespan.NANOSECONDS)
    long waited;

    @Label("Elapsed")
    @Description("As the engine measured it; start and duration of this event are when it was told")
    @Timespan(Timespan.NANOSECONDS)
    long elapsed;
}
