// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.llm.StreamEvent;

/** Where the events of a committed attempt go. */
interface EventSink {
    /** Takes an event without delivering it; {@link #drain} does that. */
    void add(StreamEvent event);

    /** Delivers what the reader has asked for. */
    void drain();
}
