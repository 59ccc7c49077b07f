// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static dev.holdfast.gateway.internal.http.RunningServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand idle connections, or as many as this process may open: real ones, since memory of the real thing is meant. */
@Timeout(120)
class ManyConnectionsTest {
    private static final int CONNECTIONS = 10_000;

    /** Heap and buffers of the server's side and of this test's, which is about a third of it. */
    private static final long BYTES_EACH = 6 << 10;

    @Test
    void idleConnectionsCostLittleAndOthersAreServed() throws IOException {
        long files =
                ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
        int count = (int) Math.min(CONNECTIONS, (files - 500) / 2);
        Assumptions.assumeTrue(count >= 1000, "needs more open files than " + files + " (ulimit -n)");
        List<SocketChannel> idle = new ArrayList<>();
        try (RunningServer running = RunningServer.echo()) {
            try {
                open(running, idle, 100);
                long before = usedBytes();

                open(running, idle, count);
                long each = (usedBytes() - before) / (count - 100);

                assertThat(each).isLessThan(BYTES_EACH);
                try (RawClient other = running.client()) {
                    assertThat(other.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .readAnswer()
                                    .body())
                            .isEqualTo("GET /a ");
                }
            } finally {
                for (SocketChannel channel : idle) {
                    channel.close();
                }
            }
            running.assertAllReturned();
        }
    }

    /** Half of them have sent a request before, half nothing but the start of one. */
    private static void open(RunningServer running, List<SocketChannel> idle, int count) throws IOException {
        ByteBuffer whole = ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer answer = ByteBuffer.allocateDirect(1000);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port());
        while (idle.size() < count) {
            SocketChannel channel = SocketChannel.open(address);
            idle.add(channel);
            if (idle.size() % 2 == 0) {
                channel.write(whole.duplicate());
                channel.read(answer.clear());
            } else {
                channel.write(whole.duplicate().limit(7));
            }
        }
        await("all are open", () -> running.server.connections() == count);
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long buffers = ByteBufAllocator.DEFAULT instanceof AdaptiveByteBufAllocator allocator
                ? allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory()
                : 0;
        return runtime.totalMemory() - runtime.freeMemory() + buffers;
    }
}
