// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import dev.holdfast.llm.foreign.Missing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Chromium without a window, spoken to over its DevTools protocol. It has a directory of its own.
 */
final class Chromium {
    private static final List<String> COMMANDS = List.of("chromium", "chromium-browser", "google-chrome");
    private static final long START_SECONDS = 30;
    private static final long ANSWER_SECONDS = 30;
    private static final JsonMapper JSON = new JsonMapper();

    private static @Nullable Chromium shared;

    private final Process process;
    private final Path directory;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonNode>> sessions = new ConcurrentHashMap<>();
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    private Chromium(Process process, Path directory, String address) {
        this.process = process;
        this.directory = directory;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(START_SECONDS))
                .buildAsync(URI.create(address), new Listener())
                .join();
    }

    /** One for all tests, started with the first and ended with the JVM; skips the test if none is installed. */
    static synchronized Chromium shared() {
        if (shared == null) {
            try {
                shared = start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    private static Chromium start() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("holdfast-chromium");
        Process process = launch(directory);
        try {
            return new Chromium(process, directory, address(process).get(START_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new AssertionError("the browser did not start", e);
        }
    }

    private static Process launch(Path directory) throws IOException {
        IOException last = new IOException();
        for (String command : COMMANDS) {
            try {
                return launch(command, directory);
            } catch (IOException e) {
                last = e; // not there, perhaps under the next name
            }
        }
        Files.delete(directory);
        Missing.skip("no browser is installed: install the Debian package chromium");
        throw last;
    }

    private static Process launch(String command, Path directory) throws IOException {
        return new ProcessBuilder(
                        command,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-dev-shm-usage",
                        "--user-data-dir=" + directory,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The browser says on its error output where it listens; what else it says there is read and dropped. */
    private static CompletableFuture<String> address(Process process) {
        CompletableFuture<String> address = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("DevTools listening on ")) {
                        address.complete(line.substring("DevTools listening on ".length()));
                    }
                }
            } catch (IOException e) {
                address.completeExceptionally(e);
            }
            address.completeExceptionally(new IOException("it ended"));
        });
        reader.setDaemon(true);
        reader.start();
        return address;
    }

    /** A new window, empty, with a profile of its own. */
    Page page() {
        String context = send(null, "Target.createBrowserContext", Map.of())
                .path("browserContextId")
                .stringValue();
        String target = send(null, "Target.createTarget", Map.of("url", "about:blank", "browserContextId", context))
                .path("targetId")
                .stringValue();
        String session = send(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .stringValue();
        return new Page(this, context, session);
    }

    void onEvent(String session, Consumer<JsonNode> listener) {
        sessions.put(session, listener);
    }

    /** Sends one command and waits for its result. */
    JsonNode send(@Nullable String session, String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        var command = JSON.createObjectNode().put("id", id).put("method", method);
        if (session != null) {
            command.put("sessionId", session);
        }
        command.set("params", JSON.valueToTree(parameters));
        synchronized (this) {
            sent = sent.thenCompose(before -> socket.sendText(command.toString(), true));
        }
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(method + ": " + e.getMessage(), e);
        }
    }

    private void received(JsonNode message) {
        if (!message.has("id")) {
            Consumer<JsonNode> listener = sessions.get(message.path("sessionId").asString(""));
            if (listener != null) {
                listener.accept(message);
            }
            return;
        }
        CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").intValue());
        if (answer == null) {
            return;
        }
        if (message.has("error")) {
            answer.completeExceptionally(
                    new IllegalStateException(message.path("error").toString()));
        } else {
            answer.complete(message.path("result"));
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence piece, boolean last) {
            text.append(piece);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                received(JSON.readTree(whole));
            }
            from.request(1);
            return null;
        }
    }

    private void close() {
        socket.abort();
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // what is left lies in the directory for temporary files
        }
    }
}
