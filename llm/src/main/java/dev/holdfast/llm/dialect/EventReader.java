// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.stream.ServerSentEvent;

/** A dialect's part of reading a stream: turns its events into calls of a {@link StreamAssembly}. For one stream. */
public interface EventReader {

    /** The next event. Must not throw; what cannot be read goes to {@link StreamAssembly#malformed}. */
    void onEvent(ServerSentEvent event);

    /** Whether the dialect's terminal marker has come, so that the end of the body, however it ends, cuts nothing. */
    boolean sawTerminalMarker();
}
