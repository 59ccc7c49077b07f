// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does with each connection what the test says, byte by byte. */
public final class RawServer implements AutoCloseable {
    /** What to do with one connection; the socket is closed afterwards. */
    public interface Script {
        void run(Connection connection) throws IOException;
    }

    private final ServerSocket listening;
    private final String scheme;
    private final Script script;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    private RawServer(ServerSocket listening, String scheme, Script script) {
        this.listening = listening;
        this.scheme = scheme;
        this.script = script;
        daemon(this::accept);
    }

    public static RawServer start(Script script) throws IOException {
        return new RawServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http", script);
    }

    /** Speaks TLS by a server socket that is given. */
    public static RawServer startTls(ServerSocket listening, Script script) {
        return new RawServer(listening, "https", script);
    }

    public URI uri(String path) {
        return URI.create(scheme + "://127.0.0.1:" + listening.getLocalPort() + path);
    }

    public int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                accepted.incrementAndGet();
                open.add(socket);
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.run(new Connection(socket));
        } catch (IOException e) {
            // The client left, which many scripts are about.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection, seen from the server. */
    public record Connection(Socket socket) {
        /** Reads head and declared body of one request; gives both as text. */
        public String readRequest() throws IOException {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("client left");
                }
                head.append((char) next);
            }
            int length = 0;
            for (String line : head.toString().split("\r\n")) {
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).trim());
                }
            }
            return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
        }

        public void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.UTF_8));
        }

        public void write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        public void chunk(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            write(Integer.toHexString(bytes.length) + "\r\n" + text + "\r\n");
        }

        /** Closes so that the client sees a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Waits until the client has closed or reset the connection. */
        public void awaitClose(CompletableFuture<String> seen) {
            try {
                byte[] ignored = new byte[64 << 10]; // what comes before can be megabytes
                int next;
                do {
                    next = socket.getInputStream().read(ignored);
                } while (next >= 0);
                seen.complete("closed");
            } catch (IOException e) {
                seen.complete("reset");
            }
        }
    }
}
