// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.event.Mailbox;
import dev.holdfast.graph.event.GraphEvent;
import dev.holdfast.graph.event.GraphListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The listeners of an executor, each behind its own mailbox. */
final class Listeners {
    private final List<Mailbox<GraphEvent>> mailboxes;

    Listeners(List<GraphListener> listeners, Executor executor) {
        mailboxes = listeners.stream()
                .map(listener -> new Mailbox<GraphEvent>(listener, listener::on, executor))
                .toList();
    }

    boolean on() {
        return !mailboxes.isEmpty();
    }

    void emit(GraphEvent event) {
        for (Mailbox<GraphEvent> mailbox : mailboxes) {
            mailbox.offer(event);
        }
    }

    CompletableFuture<Void> delivered() {
        return CompletableFuture.allOf(
                mailboxes.stream().map(Mailbox::delivered).toArray(CompletableFuture<?>[]::new));
    }
}
