// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the calls of one chat model may go: the model itself, then those that stand in for it. These are looked up at the
 * first call, because beans that stand in for each other may be made in any order. Thread-safe.
 */
final class ChatRoutes {
    private record Known(List<ChatRoute> all, Targets targets) {}

    private final ChatRoute first;
    private final Supplier<List<ChatRoute>> standIns;
    private volatile @Nullable Known known;

    ChatRoutes(ChatRoute first, Supplier<List<ChatRoute>> standIns) {
        this.first = first;
        this.standIns = standIns;
    }

    Targets targets() {
        return known().targets();
    }

    ChatRoute first() {
        return first;
    }

    /** The route of one of {@link #targets}. */
    ChatRoute of(Target target) {
        for (ChatRoute route : known().all()) {
            if (route.target().equals(target)) {
                return route;
            }
        }
        throw new IllegalArgumentException("no route to " + target);
    }

    private Known known() {
        Known found = known;
        if (found == null) {
            List<ChatRoute> routes = new ArrayList<>(List.of(first));
            routes.addAll(standIns.get());
            // two threads may find the same; the engine knows targets by what they are
            found = new Known(
                    routes, Targets.of(routes.stream().map(ChatRoute::target).toList()));
            known = found;
        }
        return found;
    }
}
