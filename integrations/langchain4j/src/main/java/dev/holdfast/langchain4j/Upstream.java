// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.langchain4j.model.chat.response.StreamingHandle;
import org.jspecify.annotations.Nullable;

/** A model's own handle of its stream, which is known with its first callback, and may be wanted before. Thread-safe. */
final class Upstream {
    private @Nullable StreamingHandle handle;
    private boolean stopped;

    void known(StreamingHandle found) {
        boolean late;
        synchronized (this) {
            handle = found;
            late = stopped;
        }
        if (late) {
            stop();
        }
    }

    /** Stops the model, or will as soon as it is known how. */
    void stop() {
        StreamingHandle found;
        synchronized (this) {
            stopped = true;
            found = handle;
        }
        if (found != null && !found.isCancelled()) {
            try {
                found.cancel();
            } catch (RuntimeException e) {
                // A model that cannot be stopped is not listened to any more; that is all there is to do.
            }
        }
    }
}
