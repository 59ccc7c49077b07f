// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import java.io.IOException;

/** The gateway as a whole, as an operator deals with it. Thread-safe. */
public interface Operations {
    /** Where the gateway is between its start and its end. */
    enum Phase {
        STARTING,
        READY,
        DRAINING
    }

    Phase phase();

    /** Takes no new calls from now on; those that run go on. Returns at once; does nothing when it has begun. */
    void drain();

    /**
     * Reads the configuration again and goes by it. May block.
     *
     * @throws dev.holdfast.gateway.config.ConfigException for a file that cannot be used; the configuration that was goes on
     * @throws IOException if the file cannot be read; the configuration that was goes on
     * @throws IllegalStateException where it cannot be done now, for example because there is no file; says why
     */
    void reload() throws IOException;
}
