// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A client that sends whatever bytes it is told to; proper ones cannot misbehave. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RawClient(int port) {
        this(port, 0);
    }

    /** @param receiveBytes how much the system buffers for us; 0 for its default */
    RawClient(int port, int receiveBytes) {
        try {
            socket = new Socket();
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            in = socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawClient send(String text) {
        return send(text.getBytes(ISO_8859_1));
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #send(String)}, to a server that may have closed by now. */
    RawClient trySend(byte[] bytes) {
        try {
            return send(bytes);
        } catch (UncheckedIOException closed) {
            return this;
        }
    }

    RawClient endSending() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #endSending}, to a server that may have closed by now. */
    RawClient tryEndSending() {
        try {
            return endSending();
        } catch (UncheckedIOException closed) {
            return this;
        }
    }

    /** Up to and with the given text. */
    String readUntil(String end) {
        StringBuilder text = new StringBuilder();
        try {
            while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
                int b = in.read();
                if (b < 0) {
                    throw new AssertionError("closed after: " + text);
                }
                text.append((char) b);
            }
            return text.toString();
        } catch (IOException e) {
            throw new AssertionError("failed after: " + text, e);
        }
    }

    /** One response whose length is told. */
    Answer readAnswer() {
        String head = readUntil("\r\n\r\n");
        int at = head.indexOf("content-length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        try {
            return new Answer(head, new String(in.readNBytes(length), ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until the server closes; a reset is told as such. */
    String readAll() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
            return all.toString(ISO_8859_1);
        } catch (SocketException reset) {
            return all.toString(ISO_8859_1) + "<reset>";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InputStream in() {
        return in;
    }

    int localPort() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Answer(String head, String body) {
        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }
    }
}
