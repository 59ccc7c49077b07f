// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.foreign;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Installs the programs of a module's {@code src/test/npm}, each in the version of its lock file, below {@code target}, and
 * runs them, servers on free loopback ports. Where that cannot be done the test is skipped, or fails with
 * {@code HOLDFAST_REQUIRE_ALL=1}.
 */
public final class NodeServers {
    private static final long INSTALL_SECONDS = 240;
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(40);

    private final Path source;
    private final Path directory;
    private final String packages;

    /**
     * @param module whose {@code src/test/npm} it is
     * @param packages what is installed, to be named where that fails
     */
    public NodeServers(String module, String packages) {
        Path home = Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse(".."), module);
        this.source = home.resolve("src/test/npm");
        this.directory = home.resolve("target/npm").toAbsolutePath().normalize();
        this.packages = packages;
    }

    /** The servers of this module's tests. */
    public static NodeServers ofLlm() {
        return new NodeServers("llm", "@dwmkerr/mock-llm and @portkey-ai/gateway");
    }

    /** A server that runs until it is closed. */
    public record Running(Process process, int port) implements AutoCloseable {
        public String url() {
            return "http://127.0.0.1:" + port;
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * The directory with {@code node_modules}; installs what is not there yet, once for a lock file. Test classes in other
     * processes wait for that.
     */
    public Path installed() throws IOException, InterruptedException {
        requireCommand("node", "nodejs");
        Files.createDirectories(directory);
        try (FileChannel file = FileChannel.open(directory.resolve("installing"), CREATE, WRITE);
                FileLock lock = file.lock()) {
            return installedAlone();
        }
    }

    private Path installedAlone() throws IOException, InterruptedException {
        Path lock = source.resolve("package-lock.json");
        Path done = directory.resolve("installed-package-lock.json");
        if (Files.exists(done) && Files.mismatch(lock, done) < 0) {
            return directory;
        }
        requireCommand("npm", "npm");
        for (String file : List.of("package.json", "package-lock.json")) {
            Files.copy(source.resolve(file), directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Path log = directory.resolve("npm.log");
        int code = run(
                INSTALL_SECONDS, log, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
        if (code != 0) {
            Missing.skip("npm could not install " + packages + " (no network?), see " + log);
        }
        Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
        return directory;
    }

    private void requireCommand(String command, String debianPackage) throws InterruptedException {
        try {
            if (run(20, Files.createTempFile(command, ".version"), command, "--version") == 0) {
                return;
            }
        } catch (IOException e) {
            // not there
        }
        Missing.skip(command + " is not installed: install the Debian package " + debianPackage);
    }

    private int run(long seconds, Path log, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile().isDirectory() ? directory.toFile() : null)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    /**
     * Starts a script and waits until it answers.
     *
     * @param arguments of the script; {@code PORT} stands for the port
     */
    public Running start(Map<String, String> environment, String script, String... arguments)
            throws IOException, InterruptedException {
        installed();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of("node", "node_modules/" + script));
        for (String argument : arguments) {
            command.add(argument.replace("PORT", String.valueOf(port)));
        }
        Path log = directory.resolve("server-" + port + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("PORT", String.valueOf(port));
        builder.environment().put("HOST", "127.0.0.1");
        builder.environment().putAll(environment);
        Running running = new Running(builder.start(), port);
        long begin = System.nanoTime();
        while (!answers(running)) {
            if (!running.process().isAlive() || System.nanoTime() - begin > START_NANOS) {
                running.close();
                throw new AssertionError(script + " did not start: " + Files.readString(log));
            }
            running.process().waitFor(100, TimeUnit.MILLISECONDS);
        }
        return running;
    }

    private static boolean answers(Running running) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(running.url() + "/").toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            return connection.getResponseCode() > 0;
        } catch (IOException e) {
            return false;
        }
    }
}
