// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;

/**
 * The response to one request, to be sent whole by {@link #send}, or begun, written piece by piece, and ended. May be called
 * from any thread, by one at a time; pieces go out in the order of the calls. After the end, after {@link #abort} and once
 * the client has left, further calls do nothing, so nobody need ask first.
 */
public interface Response {
    /** Sends a whole response; the length is set here. The body is not copied. */
    void send(int status, HttpHeaders headers, byte[] body);

    /** Sends the head; the body follows in pieces. */
    void begin(int status, HttpHeaders headers);

    /** Sends a piece of the body at once; it is not copied. */
    void write(ByteBuffer piece);

    /** The body is complete. */
    void end();

    /** Ends the response so that the client sees that it was cut: the connection is closed, the stream reset. */
    void abort();

    /** Whether more can be written before the client has read what was. Memory is bounded only if writers keep to it. */
    boolean isWritable();

    /** Runs the action each time {@link #isWritable} becomes true again. One action; on the connection's event loop. */
    void onWritable(Runnable action);

    /** Runs the action once when the client leaves before the end; at once if it has. */
    void onGone(Runnable action);
}
