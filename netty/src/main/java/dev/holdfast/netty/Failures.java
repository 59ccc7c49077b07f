// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Errors as the JDK would have named them, so that whoever reads them need not know Netty. */
final class Failures {
    private Failures() {}

    /** An error of a connection that stood. */
    static Throwable plain(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CodecException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof NotSslRecordException) {
            return new SSLException("Unrecognized SSL message, plaintext connection?"); // Netty's quotes the bytes
        }
        if (cause instanceof ClosedChannelException) {
            return new IOException("connection closed");
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
        return cause;
    }

    /** An error before the connection stood. */
    static Throwable connecting(Throwable error) {
        Throwable cause = plain(error);
        if (cause instanceof ConnectTimeoutException) {
            return connectTimeout();
        }
        if (cause instanceof ConnectException && cause.getClass() != ConnectException.class) {
            return new ConnectException(cause.getMessage()); // Netty's subclass adds the address, which stays
        }
        return cause;
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

    static HttpConnectTimeoutException connectTimeout() {
        return new HttpConnectTimeoutException("HTTP connect timed out");
    }

    /** The server, or Netty on what the server sent, ended a stream. Some codes say that the request was not processed. */
    static IOException reset(long code) {
        Http2Error known = Http2Error.valueOf(code);
        if (known == Http2Error.REFUSED_STREAM) {
            return new IOException("stream not processed: refused stream");
        }
        return new IOException("stream was reset: " + (known == null ? "code " + code : known.name()));
    }

    /** What came is not HTTP, or too much of it. Netty's message would quote what the server sent. */
    static IOException notHttp(Throwable error) {
        return notHttp(
                error instanceof TooLongFrameException ? "the head is larger than allowed" : "it is not understood");
    }

    static IOException notHttp(String why) {
        return new ProtocolException("error parsing HTTP response: " + why);
    }
}
