// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.gateway;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts everything that takes part, each as a process of its own on a free loopback port, and stops it at the end. */
final class Servers implements AutoCloseable {
    /** As long as a short chat completion: 258 bytes. */
    private static final String ANSWER = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,"
            + "\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21}}";

    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Path directory;
    private final String java;
    private final List<Process> all = new ArrayList<>();

    /** @param java the JVM for what runs on one */
    Servers(Path directory, String java) {
        this.directory = directory;
        this.java = java;
    }

    /** nginx that answers every request with the same 258 bytes. */
    Candidate upstream() throws IOException, InterruptedException {
        String answer = ANSWER.formatted("x".repeat(258 - ANSWER.formatted("").length()));
        int port = freePort();
        return nginx("upstream", port, """
                server {
                  listen 127.0.0.1:%d reuseport;
                  location / { default_type application/json; return 200 '%s'; }
                }""".formatted(port, answer));
    }

    Candidate nginxProxy(Candidate upstream) throws IOException, InterruptedException {
        int port = freePort();
        return nginx("nginx", port, """
                upstream provider { server 127.0.0.1:%d; keepalive 128; keepalive_requests 1000000; }
                server {
                  listen 127.0.0.1:%d reuseport;
                  location / {
                    proxy_pass http://provider;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_buffering off;
                  }
                }""".formatted(upstream.port(), port));
    }

    private Candidate nginx(String name, int port, String servers) throws IOException, InterruptedException {
        Path config = directory.resolve(name + ".conf");
        Files.writeString(config, """
                worker_processes 1;
                daemon off;
                pid %s/%s.pid;
                error_log %s/%s.log warn;
                events { worker_connections 20000; }
                http {
                  access_log off;
                  keepalive_requests 100000000;
                  client_body_temp_path %s/%s-body;
                  proxy_temp_path %s/%s-proxy;
                  fastcgi_temp_path %s/%s-f; uwsgi_temp_path %s/%s-u; scgi_temp_path %s/%s-s;
                  %s
                }
                """.formatted(
                        directory, name, directory, name, directory, name, directory, name, directory, name, directory,
                        name, directory, name, servers));
        Process process = start(name, List.of("nginx", "-p", directory.toString(), "-c", config.toString()), Map.of());
        await(name, process, port);
        return new Candidate(name, port, Map.of(), List.of(process));
    }

    Candidate bareProxy(Candidate upstream) throws IOException, InterruptedException {
        int port = freePort();
        Process process = start(
                "bare",
                List.of(
                        java,
                        "-XX:+UseSerialGC",
                        "-Xms64m",
                        "-Xmx384m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareProxy.class.getName(),
                        Integer.toString(port),
                        Integer.toString(upstream.port())),
                Map.of());
        await("bare", process, port);
        return new Candidate("bare Netty proxy", port, Map.of(), List.of(process));
    }

    Candidate portkey(Path npm, Candidate upstream) throws IOException, InterruptedException {
        int port = freePort();
        Path script = npm.resolve("node_modules/@portkey-ai/gateway/build/start-server.js");
        Process process = start(
                "portkey",
                List.of("node", script.toString(), "--port=" + port, "--headless"),
                Map.of("NODE_ENV", "production"));
        await("portkey", process, port);
        return new Candidate(
                "Portkey",
                port,
                Map.of(
                        "x-portkey-provider", "openai",
                        "x-portkey-custom-host", "http://127.0.0.1:" + upstream.port() + "/v1",
                        "authorization", "Bearer key"),
                List.of(process));
    }

    /** The gateway as {@code holdfast serve} starts it. */
    Candidate holdfast(Path root, int upstreamPort) throws IOException, InterruptedException {
        int port = freePort();
        Path config = directory.resolve("holdfast-" + port + ".yaml");
        Files.writeString(config, """
                listen: { port: %d }
                access_log: { enabled: false }
                targets:
                  upstream: { provider: openai, base_url: "http://127.0.0.1:%d/v1", model: m, api_key: key }
                  simulated: { provider: sim, base_url: "http://127.0.0.1:%d/v1", model: "%s" }
                  endless: { provider: sim, base_url: "http://127.0.0.1:%d/v1", model: "%s" }
                models:
                  default: { targets: [upstream] }
                  %s: { targets: [simulated] }
                  %s: { targets: [endless] }
                """.formatted(
                        port,
                        upstreamPort,
                        upstreamPort,
                        GatewayComparison.SHORT_STREAM,
                        upstreamPort,
                        GatewayComparison.ENDLESS_STREAM,
                        quoted(GatewayComparison.SHORT_STREAM),
                        quoted(GatewayComparison.ENDLESS_STREAM)));
        Process process = start(
                "holdfast",
                List.of(root.resolve("holdfast").toString(), "serve", "--config", config.toString()),
                Map.of("JAVA_HOME", System.getProperty("java.home")));
        await("holdfast", process, port);
        return new Candidate("Holdfast", port, Map.of(), List.of(process));
    }

    private static String quoted(String name) {
        return '"' + name + '"';
    }

    Candidate simulator(Path root) throws IOException, InterruptedException {
        int port = freePort();
        Process process = start(
                "simulator",
                List.of(root.resolve("holdfast").toString(), "simulator", "--port", Integer.toString(port)),
                Map.of());
        await("simulator", process, port);
        return new Candidate("the provider itself", port, Map.of(), List.of());
    }

    void stop(Candidate candidate) throws InterruptedException {
        for (Process process : candidate.processes()) {
            end(process);
        }
    }

    private Process start(String name, List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        File log = directory.resolve(name + ".out").toFile();
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.environment().putAll(environment);
        Process process = builder.start();
        all.add(process);
        return process;
    }

    /** Until somebody listens there. */
    private void await(String name, Process process, int port) throws IOException, InterruptedException {
        long untilNanos = System.nanoTime() + START_NANOS;
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return;
            } catch (IOException e) {
                if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() - untilNanos > 0) {
                    throw new IOException(
                            name + " does not listen: " + Files.readString(directory.resolve(name + ".out")), e);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        for (Process process : all) {
            try {
                end(process);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
