// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One request at the server, and the ways to treat it. Each answer closes its connection. */
final class Request {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final OutputStream out;
    private final Wire wire;
    private final boolean stream;
    private final int number;

    Request(Socket socket, Wire wire, boolean stream, int number) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.wire = wire;
        this.stream = stream;
        this.number = number;
    }

    Wire wire() {
        return wire;
    }

    /** 1 for the first of its cell. */
    int number() {
        return number;
    }

    /** What was asked for, whole and in time. */
    void answer() throws IOException {
        if (stream) {
            openStream();
            words(0, Wire.WORDS.size());
            piece(wire.closing());
            endStream();
        } else {
            respond(200, "", "application/json", wire.answer());
        }
    }

    void refuse(int status, String headers, String body) throws IOException {
        respond(status, headers, "application/json", body);
    }

    void respond(int status, String headers, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        head(status, headers + "Content-Type: " + type + "\r\nContent-Length: " + bytes.length + "\r\n");
        out.write(bytes);
        out.flush();
    }

    /** The head of a whole answer, and as many of its bytes as are said. */
    void begin(int bytes) throws IOException {
        byte[] body = wire.answer().getBytes(StandardCharsets.UTF_8);
        head(200, "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n");
        out.write(body, 0, bytes);
        out.flush();
    }

    void openStream() throws IOException {
        head(200, "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n");
        piece(wire.opening());
    }

    void openEmptyStream() throws IOException {
        head(200, "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n");
    }

    void words(int from, int to) throws IOException {
        List<String> words = Wire.WORDS.subList(from, to);
        for (String word : words) {
            piece(wire.word(word));
        }
    }

    void piece(String text) throws IOException {
        if (text.isEmpty()) {
            return; // an empty chunk would be the end
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    void endStream() throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    void pause(int millis) {
        LockSupport.parkNanos(millis * 1_000_000L);
    }

    /** Says nothing more until the client leaves. */
    void fallSilent() throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        InputStream in = socket.getInputStream();
        in.transferTo(OutputStream.nullOutputStream());
    }

    /** Cuts the connection by a reset. */
    void cut() throws IOException {
        pause(200); // what was written is read before the reset takes it away
        socket.setSoLinger(true, 0);
    }

    private void head(int status, String headers) throws IOException {
        String head = "HTTP/1.1 " + status + " Status\r\n" + headers + "Connection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
    }
}
