// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Clients that come at random moments, some for a whole answer, some for a stream, in either dialect. */
final class Clients implements AutoCloseable {
    private static final double CALLS_PER_SECOND = 6;
    private static final int MOST_AT_ONCE = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String CHAT = "{\"model\":\"default\",\"stream\":%s,\"messages\":"
            + "[{\"role\":\"user\",\"content\":\"How does a ship hold fast in a storm?\"}]}";
    private static final String MESSAGES = "{\"model\":\"claude\",\"stream\":%s,\"max_tokens\":200,\"messages\":"
            + "[{\"role\":\"user\",\"content\":\"How does a ship hold fast in a storm?\"}]}";

    private final URI gateway;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);
    private final @Nullable ScheduledExecutorService clock;

    private Clients(URI gateway, @Nullable ScheduledExecutorService clock) {
        this.gateway = gateway;
        this.clock = clock;
    }

    static Clients start(URI gateway) {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "holdfast-demo-clients");
            thread.setDaemon(true);
            return thread;
        });
        Clients clients = new Clients(gateway, clock);
        clients.next(clock);
        return clients;
    }

    /** Poisson arrivals: the time to the next call is exponential. */
    private void next(ScheduledExecutorService scheduler) {
        double seconds = -Math.log(1 - ThreadLocalRandom.current().nextDouble()) / CALLS_PER_SECOND;
        scheduler.schedule(
                () -> {
                    call();
                    next(scheduler);
                },
                (long) (seconds * 1e6),
                TimeUnit.MICROSECONDS);
    }

    private void call() {
        if (!room.tryAcquire()) {
            return;
        }
        int chance = ThreadLocalRandom.current().nextInt(10);
        boolean stream = chance < 6;
        http.sendAsync(chance < 7 ? chat(gateway, stream) : messages(gateway, stream), BodyHandlers.discarding())
                .whenComplete((response, error) -> room.release());
    }

    private static HttpRequest chat(URI gateway, boolean stream) {
        return request(gateway, "/v1/chat/completions", CHAT.formatted(stream));
    }

    private static HttpRequest messages(URI gateway, boolean stream) {
        return request(gateway, "/v1/messages", MESSAGES.formatted(stream));
    }

    private static HttpRequest request(URI gateway, String path, String body) {
        return HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    /** One call of each kind and one look at each page; false if one did not succeed. */
    static boolean once(URI gateway) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        List<HttpRequest> requests = List.of(
                chat(gateway, false),
                chat(gateway, true),
                messages(gateway, false),
                messages(gateway, true),
                page(gateway, "/"),
                page(gateway, "/health/ready"),
                page(gateway, "/metrics"),
                page(gateway, "/api/state"),
                page(gateway, "/v1/models"));
        boolean all = true;
        for (HttpRequest request : requests) {
            HttpResponse<Void> response = http.send(request, BodyHandlers.discarding());
            all &= response.statusCode() == 200;
        }
        return all;
    }

    private static HttpRequest page(URI gateway, String path) {
        return HttpRequest.newBuilder(gateway.resolve(path)).timeout(PATIENCE).build();
    }

    @Override
    public void close() {
        if (clock != null) {
            clock.shutdownNow();
        }
    }
}
