// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server on a free loopback port that does one wrong thing to every request, on the wire. */
final class FaultServer implements AutoCloseable {
    enum Fault {
        CLOSE_BEFORE_ANSWER,
        RESET_BEFORE_ANSWER,
        CUT_CONTENT_LENGTH,
        CUT_CHUNKS,
        HANG,
        /** Speaks HTTP at once, also to a TLS hello. */
        PLAIN_ANSWER_AT_ONCE
    }

    private final ServerSocket listening;
    private final Fault fault;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    FaultServer(Fault fault) throws IOException {
        this.fault = fault;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "fault-server");
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort() + "/v1/chat/completions";
    }

    /** A loopback port on which nobody listens. */
    static String urlOfNobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/";
        }
    }

    private void serve() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                harm(socket);
            } catch (IOException closed) {
                continue;
            }
        }
    }

    private void harm(Socket socket) throws IOException {
        if (fault != Fault.PLAIN_ANSWER_AT_ONCE) {
            readRequest(socket.getInputStream());
        }
        OutputStream out = socket.getOutputStream();
        switch (fault) {
            case CLOSE_BEFORE_ANSWER -> socket.close();
            case RESET_BEFORE_ANSWER -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            case CUT_CONTENT_LENGTH -> {
                write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nabc");
                socket.close();
            }
            case CUT_CHUNKS -> {
                write(
                        out,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                socket.close();
            }
            case HANG -> out.flush();
            case PLAIN_ANSWER_AT_ONCE -> write(out, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        }
    }

    private static void readRequest(InputStream in) throws IOException {
        int ends = 0;
        while (ends < 4) {
            int b = in.read();
            if (b < 0) {
                return;
            }
            ends = b == '\r' || b == '\n' ? ends + 1 : 0;
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
