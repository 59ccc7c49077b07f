// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Errors as the JDK would have named them, so that whoever reads them need not know Netty. */
final class Failures {
    private Failures() {}

    /** What an error is at bottom, in a class of the JDK. */
    static Throwable plain(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CodecException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Http2FrameStreamException stream) {
            return reset(stream.error().code());
        }
        if (cause instanceof Http2Exception connection) {
            return reset(connection.error().code());
        }
        if (cause instanceof CodecException) {
            return notHttp(cause);
        }
        return cause instanceof IOException ? plainIo((IOException) cause) : cause;
    }

    /** Netty's subclasses add what the JDK's do not have: addresses to some, native calls or quoted bytes to others. */
    private static IOException plainIo(IOException error) {
        if (error instanceof NotSslRecordException) {
            return new SSLException("Unrecognized SSL message, plaintext connection?"); // Netty's quotes the bytes
        }
        if (error instanceof ClosedChannelException) {
            return new IOException("connection closed");
        }
        if (error.getClass().getName().startsWith("java")) { // javax too
            return error;
        }
        if (error instanceof ConnectTimeoutException) {
            return connectTimeout();
        }
        String message = error.getMessage();
        if (error instanceof NoRouteToHostException) {
            return new NoRouteToHostException(message);
        }
        if (error instanceof ConnectException) {
            return new ConnectException(message);
        }
        return error instanceof SocketException ? new SocketException(message) : new IOException(message);
    }

    /** An error of the TLS handshake; a connection that was only lost says nothing of TLS to whoever reads it. */
    static Throwable handshaking(Throwable error) {
        Throwable cause = plain(error);
        if (cause instanceof SSLException) {
            return cause;
        }
        SSLHandshakeException lost = new SSLHandshakeException("Remote host terminated the handshake");
        lost.initCause(cause);
        return lost;
    }

    static IOException closedBeforeResponse() {
        return new IOException("connection closed by the server before response");
    }

    static EOFException bodyCut() {
        return new EOFException("premature end of the response body");
    }

    /** The server says that it has not begun with a request: it has to go elsewhere, and may. */
    static IOException notProcessed(String why) {
        return new IOException("stream not processed: " + why);
    }

    static HttpConnectTimeoutException connectTimeout() {
        return new HttpConnectTimeoutException("HTTP connect timed out");
    }

    /** The server, or Netty on what the server sent, ended a stream. Some codes say that the request was not processed. */
    static IOException reset(long code) {
        Http2Error known = Http2Error.valueOf(code);
        if (known == Http2Error.REFUSED_STREAM) {
            return notProcessed("refused stream");
        }
        return new IOException("stream was reset: " + (known == null ? "code " + code : known.name()));
    }

    /** What came is not HTTP, or too much of it. Netty's message would quote what the server sent. */
    static IOException notHttp(Throwable error) {
        if (error instanceof PrematureChannelClosureException) {
            return closedBeforeResponse();
        }
        return notHttp(
                error instanceof TooLongFrameException ? "the head is larger than allowed" : "it is not understood");
    }

    static IOException notHttp(String why) {
        return new ProtocolException("error parsing HTTP response: " + why);
    }
}
