// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import com.sun.management.ThreadMXBean;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import dev.holdfast.netty.NettyTransport;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One small exchange through each transport, side by side in one process: what it costs in CPU and in bytes. Counted are
 * all threads but the server's, the collector's and the compiler's, which is what differs between the transports.
 *
 * <p>{@code java -cp bench.jar dev.holdfast.bench.TransportMeasurement [exchanges]}
 */
public final class TransportMeasurement {
    private static final int WIDTH = 32;
    private static final int ROUNDS = 3;
    private static final byte[] QUESTION = ("{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
                    + "x".repeat(120) + "\"}]}")
            .getBytes(StandardCharsets.US_ASCII);
    private static final Map<String, String> HEADERS = Map.of(
            "content-type", "application/json", "accept", "application/json", "authorization", "Bearer not-a-key");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final URI uri;
    private final int exchanges;

    private TransportMeasurement(URI uri, int exchanges) {
        this.uri = uri;
        this.exchanges = exchanges;
    }

    public static void main(String... arguments) throws Exception {
        int exchanges = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30_000;
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        EventLoop loop = group.next();
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (FixedAnswerServer server = FixedAnswerServer.start();
                JdkTransport jdk = new JdkTransport(executor);
                NettyTransport netty = NettyTransport.on(group)) {
            TransportMeasurement measurement = new TransportMeasurement(server.uri(), exchanges);
            System.out.println("| transport | at once | exchanges/s | CPU us per exchange | B per exchange |");
            System.out.println("|---|---|---|---|---|");
            for (int round = 0; round < ROUNDS; round++) {
                for (int width : new int[] {1, WIDTH}) {
                    measurement.run("JDK", jdk, Runnable::run, width);
                    measurement.run("Netty", netty, Runnable::run, width);
                    measurement.run("Netty, on its loop", netty, loop, width);
                }
            }
        } finally {
            executor.shutdownNow();
            group.shutdownGracefully().syncUninterruptibly();
        }
    }

    private void run(String name, Transport transport, Executor senders, int width) throws InterruptedException {
        long[] before = used();
        long started = System.nanoTime();
        AtomicInteger left = new AtomicInteger(exchanges);
        CountDownLatch over = new CountDownLatch(width);
        for (int i = 0; i < width; i++) {
            senders.execute(() -> new Caller(transport, left, over).next());
        }
        over.await();
        double seconds = (System.nanoTime() - started) / 1e9;
        long[] after = used();
        System.out.printf(
                "| %s | %d | %.0f | %.1f | %d |%n",
                name,
                width,
                exchanges / seconds,
                (after[0] - before[0]) / 1e3 / exchanges,
                (after[1] - before[1]) / exchanges);
    }

    /** CPU nanoseconds and bytes of every Java thread that is not the server's. */
    private static long[] used() {
        long nanos = 0;
        long bytes = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!thread.getName().startsWith(FixedAnswerServer.THREAD_NAME)) {
                nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getId()));
                bytes += Math.max(0, THREADS.getThreadAllocatedBytes(thread.getId()));
            }
        }
        return new long[] {nanos, bytes};
    }

    /** Sends the next exchange when the last has ended. */
    private final class Caller implements TransportListener {
        private final Transport transport;
        private final AtomicInteger left;
        private final CountDownLatch over;
        private @Nullable Exchange exchange;

        Caller(Transport transport, AtomicInteger left, CountDownLatch over) {
            this.transport = transport;
            this.left = left;
            this.over = over;
        }

        void next() {
            if (left.getAndDecrement() <= 0) {
                over.countDown();
                return;
            }
            exchange = transport.send(TransportRequest.post(uri, HEADERS, QUESTION, Duration.ofSeconds(5)), this);
            exchange.request(Long.MAX_VALUE);
        }

        @Override
        public void onHead(ResponseHead head) {
            if (head.status() != 200) {
                throw new IllegalStateException(head.toString());
            }
        }

        @Override
        public void onBytes(ByteBuffer bytes) {}

        @Override
        public void onEnd() {
            next();
        }

        @Override
        public void onFailure(Throwable error) {
            throw new IllegalStateException(error);
        }
    }

    /** Answers every request with the same bytes, and costs as little as it can. */
    private static final class FixedAnswerServer implements AutoCloseable {
        static final String THREAD_NAME = "fixed-answer";
        private static final String BODY = "{\"id\":\"1\",\"choices\":[{\"message\":{\"content\":\"" + "y".repeat(180)
                + "\"},\"finish_reason\":\"stop\"}]}";
        private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nServer: fixed\r\nContent-Type: application/json\r\n"
                        + "x-request-id: 0123456789\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY)
                .getBytes(StandardCharsets.US_ASCII);

        private final ServerSocket listening;

        private FixedAnswerServer() throws IOException {
            listening = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        }

        static FixedAnswerServer start() throws IOException {
            FixedAnswerServer server = new FixedAnswerServer();
            server.thread(server::accept);
            return server;
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/v1/chat/completions");
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = listening.accept();
                    socket.setTcpNoDelay(true);
                    thread(() -> serve(socket));
                }
            } catch (IOException closed) {
                // the end
            }
        }

        /** A request of known shape is over when its body's last bytes have come. */
        private void serve(Socket socket) {
            byte[] buffer = new byte[4096];
            try (socket) {
                int held = 0;
                int read = socket.getInputStream().read(buffer, 0, buffer.length);
                while (read > 0) {
                    held += read;
                    if (held > 3 && buffer[held - 1] == '}' && buffer[held - 2] == ']' && buffer[held - 3] == '}') {
                        held = 0;
                        socket.getOutputStream().write(ANSWER);
                    }
                    read = socket.getInputStream().read(buffer, held, buffer.length - held);
                }
            } catch (IOException gone) {
                // the client left
            }
        }

        private void thread(Runnable work) {
            Thread thread = new Thread(work, THREAD_NAME);
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
