// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.gateway.internal.admin.Operations;
import java.io.IOException;

/** What an operator does to the gateway from outside. */
record Operating(Gateway gateway) implements Operations {
    @Override
    public Phase phase() {
        return gateway.service().isDraining() ? Phase.DRAINING : Phase.READY;
    }

    @Override
    public void drain() {
        gateway.drain();
    }

    @Override
    public void reload() throws IOException {
        gateway.reload();
    }
}
