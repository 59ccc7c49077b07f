// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Streams read by one thread with as little work of its own as can be: it looks for the first content in the bytes and
 * otherwise throws them away.
 */
final class StreamLoad implements AutoCloseable {
    private static final byte[] CONTENT = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
    private final List<SocketChannel> open = new ArrayList<>();

    StreamLoad() throws IOException {}

    /** One stream as its reader sees it. */
    private static final class Stream {
        private int matched;
        private boolean began;
        private boolean ended;
    }

    /** Streams one after the other, each on a connection of its own; gives each one's time to its first content, sorted. */
    double[] firstContentMicros(Candidate candidate, String body, int count) throws IOException {
        double[] micros = new double[count];
        byte[] request = request(candidate, body);
        for (int i = 0; i < count; i++) {
            try (SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", candidate.port()))) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                long startNanos = System.nanoTime();
                write(channel, request);
                Stream stream = new Stream();
                while (!stream.began) {
                    buffer.clear();
                    if (channel.read(buffer) < 0) {
                        throw new IOException(candidate.name() + " ended a stream without content");
                    }
                    look(stream);
                }
                micros[i] = (System.nanoTime() - startNanos) / 1e3;
            }
        }
        Arrays.sort(micros);
        return micros;
    }

    /** Opens that many streams at once and reads them all until each has begun; they stay open until {@link #close}. */
    int hold(Candidate candidate, String body, int count) throws IOException {
        byte[] request = request(candidate, body);
        int begun = 0;
        int started = 0;
        long lastNanos = System.nanoTime();
        while (begun < count && System.nanoTime() - lastNanos < PATIENCE_NANOS) {
            // a few at a time: a listening socket's queue is short
            for (int i = 0; i < 50 && started < count && started - begun < 200; i++, started++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", candidate.port()));
                open.add(channel);
                write(channel, request);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Stream());
            }
            int more = readAll();
            begun += more;
            if (more > 0) {
                lastNanos = System.nanoTime();
            }
        }
        return begun;
    }

    /** Reads what comes for so long; gives how many streams ended meanwhile. */
    int read(long nanos) throws IOException {
        long untilNanos = System.nanoTime() + nanos;
        while (System.nanoTime() - untilNanos < 0) {
            readAll();
        }
        return (int) selector.keys().stream()
                .filter(key -> key.attachment() instanceof Stream stream && stream.ended)
                .count();
    }

    private int readAll() throws IOException {
        int begun = 0;
        selector.select(10);
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
            SelectionKey key = keys.next();
            keys.remove();
            Stream stream = (Stream) key.attachment();
            buffer.clear();
            if (((SocketChannel) key.channel()).read(buffer) < 0) {
                stream.ended = true;
                key.interestOps(0);
            } else if (!stream.began) {
                look(stream);
                begun += stream.began ? 1 : 0;
            }
        }
        return begun;
    }

    private void look(Stream stream) {
        buffer.flip();
        while (buffer.hasRemaining() && !stream.began) {
            byte next = buffer.get();
            stream.matched = next == CONTENT[stream.matched] ? stream.matched + 1 : next == CONTENT[0] ? 1 : 0;
            if (stream.matched == CONTENT.length) {
                // an empty first delta is no content
                stream.began = !buffer.hasRemaining() || buffer.get(buffer.position()) != '"';
                stream.matched = 0;
            }
        }
    }

    private static byte[] request(Candidate candidate, String body) {
        StringBuilder text = new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:"
                + candidate.port() + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length() + "\r\n");
        candidate
                .headers()
                .forEach((name, value) ->
                        text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").append(body).toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(SocketChannel channel, byte[] request) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(request);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
        selector.close();
    }
}
