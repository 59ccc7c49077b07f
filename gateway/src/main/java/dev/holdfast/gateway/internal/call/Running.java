// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.gateway.internal.route.ModelRoute;
import dev.holdfast.target.Targets;

/** Where a call goes, and how. */
record Running(ModelRoute route, Targets targets, CallOptions options) {
    Holdfast engine() {
        return route.engine();
    }
}
