// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.gateway.config.GatewayConfig;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log has a thread of its own and writes real files, so time is real. */
@Timeout(30)
class AccessLogTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final CallRecord CALL = Records.failure(
            "default", "timeout", Records.bad(1, "a/one", Category.OVERLOADED), Records.good(2, "b/two"));

    @TempDir
    Path folder;

    private final Counter dropped = Counter.builder().name("dropped").build();

    private static GatewayConfig.AccessLog to(Path file) {
        return new GatewayConfig.AccessLog(true, file.toString());
    }

    private AccessLog log(AccessLog.Sink sink, int capacity) throws IOException {
        return new AccessLog(sink, dropped, capacity);
    }

    @Test
    void lineHasTheFieldsOfTheCallAndNoOthers() throws Exception {
        Path file = folder.resolve("access.log");
        try (AccessLog log = log(Sinks.of(to(file)), 10)) {
            log.ended(CALL);
        }

        JsonNode line = JSON.readTree(Files.readString(file));

        assertThat(line.propertyNames())
                .containsExactly(
                        "time",
                        "call_id",
                        "client",
                        "model",
                        "operation",
                        "stream",
                        "status",
                        "outcome",
                        "code",
                        "target",
                        "attempts",
                        "waited_ms",
                        "elapsed_ms",
                        "first_content_ms",
                        "input_tokens",
                        "output_tokens");
        assertThat(line.get("time").asString()).isEqualTo("2026-09-21T14:13:20.123Z");
        assertThat(line.get("first_content_ms").isNull()).isTrue();
        assertThat(line.get("attempts").get(0).toString())
                .isEqualTo("{\"target\":\"a/one\",\"outcome\":\"failure\",\"category\":\"overloaded\",\"status\":503,"
                        + "\"elapsed_ms\":100,\"waited_ms\":0}");
        assertThat(line.get("attempts").get(1).get("category").isNull()).isTrue();
    }

    @Test
    void everythingQueuedIsThereAfterTheEnd() throws Exception {
        Path file = folder.resolve("access.log");
        Files.writeString(file, "{}\n");
        try (AccessLog log = log(Sinks.of(to(file)), 10_000)) {
            for (int i = 0; i < 5_000; i++) {
                log.ended(CALL);
            }
        }

        List<String> lines = Files.readAllLines(file);

        assertThat(lines)
                .hasSize(5_001)
                .allSatisfy(line -> assertThat(JSON.readTree(line).isObject()).isTrue());
        assertThat(dropped.get()).isZero();
    }

    @Test
    void firstLineIsWrittenWithoutAnother() throws Exception {
        CountDownLatch flushed = new CountDownLatch(1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OutputStream watched = new FilterOutputStream(bytes) {
            @Override
            public void flush() {
                flushed.countDown();
            }
        };
        try (AccessLog log = log(() -> watched, 10)) {
            log.ended(CALL);

            assertThat(flushed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("}\n");
        }
    }

    @Test
    void slowDiskCostsLinesAndNeverHoldsACallUp() throws Exception {
        SynchronousQueue<Integer> disk = new SynchronousQueue<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] more, int from, int length) {
                takeOne(disk);
                bytes.write(more, from, length);
            }
        };
        AccessLog log = log(() -> stuck, 10);
        log.ended(CALL);
        disk.put(1);
        awaitLines(bytes, 1);

        for (int i = 0; i < 100; i++) {
            log.ended(CALL);
        }

        // Up to one batch may be in the writer's hands beside what is queued.
        assertThat(dropped.get()).isBetween(80.0, 90.0);
        Thread disks = new Thread(() -> offerAll(disk));
        disks.start();
        log.close();
        disks.interrupt();
        disks.join();
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines().count() + dropped.get())
                .isEqualTo(101);
    }

    private static void takeOne(SynchronousQueue<Integer> disk) {
        try {
            disk.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void offerAll(SynchronousQueue<Integer> disk) {
        try {
            while (true) {
                disk.put(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitLines(ByteArrayOutputStream bytes, int count) {
        while (bytes.toString(StandardCharsets.UTF_8).lines().count() < count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void fileThatWasMovedAwayIsMadeAnew() throws Exception {
        Path file = folder.resolve("access.log");
        Path old = folder.resolve("access.log.1");
        try (AccessLog log = log(Sinks.of(to(file)), 10)) {
            log.ended(CALL);
            while (Files.size(file) == 0) {
                Thread.onSpinWait();
            }
            Files.move(file, old);

            log.reopen(to(file));
            while (!Files.exists(file)) {
                Thread.onSpinWait();
            }
            log.ended(CALL);
        }

        assertThat(Files.readAllLines(old)).hasSize(1);
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void placeThatCannotBeOpenedLeavesTheOldOne() throws Exception {
        Path file = folder.resolve("access.log");
        CountDownLatch tried = new CountDownLatch(1);
        try (AccessLog log = log(Sinks.of(to(file)), 10)) {
            log.reopen(() -> {
                tried.countDown();
                throw new IOException("no such place");
            });
            assertThat(tried.await(10, TimeUnit.SECONDS)).isTrue();
            log.ended(CALL);
        }

        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void diskThatFailsIsCountedAndTriedAgain() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean[] full = {true};
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public synchronized void write(byte[] more, int from, int length) throws IOException {
                if (full[0]) {
                    full[0] = false;
                    throw new IOException("no space left");
                }
                bytes.write(more, from, length);
            }
        };
        try (AccessLog log = log(() -> failing, 10)) {
            log.ended(CALL);
            while (dropped.get() == 0) {
                Thread.onSpinWait();
            }
            log.ended(CALL);
        }

        assertThat(dropped.get()).isEqualTo(1);
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines().count()).isEqualTo(1);
    }
}
