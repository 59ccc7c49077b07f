// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.route;

import dev.holdfast.Holdfast;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where calls for one model go. Immutable.
 *
 * @param name as clients write it
 * @param targets null while an operator has drained all of them
 * @param engine of the model's policy
 * @param upstreams how each of the targets is spoken to
 */
public record ModelRoute(String name, @Nullable Targets targets, Holdfast engine, Map<Target, Upstream> upstreams) {

    public Upstream upstream(Target target) {
        return Objects.requireNonNull(upstreams.get(target), "a target of this model");
    }
}
