// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import java.io.InputStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a command finds around it beside its arguments.
 *
 * @param environment gives variables by name, null for those not set
 * @param in standard input
 */
record Surroundings(Function<String, @Nullable String> environment, InputStream in) {
    static Surroundings ofProcess() {
        return new Surroundings(System::getenv, System.in);
    }
}
