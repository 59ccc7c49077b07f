// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A circuit has changed its state. */
@Name("dev.holdfast.CircuitChange")
@Label("Circuit Change")
@Description("The circuit of a target has opened, half-opened or closed")
@Category("Holdfast")
@StackTrace(false)
final class CircuitChangeEvent extends Event {
    @Label("Target")
    String target = "";

    @Label("From")
    @Description("closed, open or half_open")
    String from = "";

    @Label("To")
    @Description("closed, open or half_open")
    String to = "";

    @Label("Forced")
    @Description("Whether it was set by hand")
    boolean forced;

    @Label("Generation")
    @Description("Grows by one at each change of this circuit")
    long generation;

    @Label("Trips")
    @Description("How many times in a row it has opened")
    int trips;

    @Label("Retry In")
    @Description("Until the next call can be let through")
    @Timespan(Timespan.NANOSECONDS)
    long retryIn;
}
