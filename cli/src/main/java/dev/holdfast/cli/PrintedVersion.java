// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints, whatever the command it is given to. */
final class PrintedVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return BuildFacts.read().lines().toArray(String[]::new);
    }
}
