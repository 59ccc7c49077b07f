// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The accessibility checker axe-core, installed once by npm in the version of the lock file below {@code target}. */
final class Axe {
    private static final Path MODULE =
            Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse(".."), "gateway");
    private static final Path SOURCE = MODULE.resolve("src/test/npm");
    private static final Path INSTALLED = MODULE.resolve("target/npm");
    private static final long INSTALL_SECONDS = 120;

    private Axe() {}

    /** Its script, which defines {@code axe} in a page. */
    static synchronized String script() throws IOException, InterruptedException {
        Path lock = SOURCE.resolve("package-lock.json");
        Path done = INSTALLED.resolve("installed-package-lock.json");
        if (!Files.exists(done) || Files.mismatch(lock, done) >= 0) {
            install();
            Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.readString(INSTALLED.resolve("node_modules/axe-core/axe.min.js"));
    }

    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(INSTALLED);
        for (String file : List.of("package.json", "package-lock.json")) {
            Files.copy(SOURCE.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Path log = INSTALLED.resolve("npm.log");
        Process npm;
        try {
            npm = new ProcessBuilder(
                            "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
                    .directory(INSTALLED.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            Missing.skip("npm is not installed: install the Debian package npm");
            throw e;
        }
        if (!npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
            npm.descendants().forEach(ProcessHandle::destroyForcibly);
            npm.destroyForcibly();
        }
        if (npm.waitFor() != 0) {
            Missing.skip("npm could not install axe-core (no network?), see " + log);
        }
    }
}
