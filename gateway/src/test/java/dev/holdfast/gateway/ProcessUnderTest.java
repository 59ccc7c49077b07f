// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A gateway or a simulator as a process of its own, that can be killed. */
final class ProcessUnderTest implements AutoCloseable {
    final Process process;
    final URI uri;

    private ProcessUnderTest(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    static ProcessUnderTest simulator() throws IOException {
        return start("simulator");
    }

    static ProcessUnderTest gateway(Path config, URI simulator) throws IOException {
        return start("gateway", config.toString(), simulator.toString());
    }

    private static ProcessUnderTest start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ProcessUnderTest.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", arguments) + " did not start");
        }
        return new ProcessUnderTest(process, URI.create(line));
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
    }

    /** What runs in the process: prints its address, and ends on a signal as an application would. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("simulator")) {
            System.out.println(Simulator.start(SimulatorOptions.defaults()).baseUri());
        } else {
            Gateway gateway = Gateway.start(GatewayOptions.file(Path.of(arguments[1]))
                    .withListen("127.0.0.1", 0)
                    .withSimulator(URI.create(arguments[2])));
            Runtime.getRuntime().addShutdownHook(new Thread(gateway::close));
            System.out.println(gateway.uri());
        }
        new CountDownLatch(1).await();
    }
}
