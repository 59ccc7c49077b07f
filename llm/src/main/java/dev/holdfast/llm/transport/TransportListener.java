// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import java.nio.ByteBuffer;

/**
 * Hears how an exchange goes. Signals come one at a time, in this order: {@code onConnected?, onRequestSent?, onHead?,
 * onBytes*}, then exactly one of {@code onEnd} and {@code onFailure}, or nothing after a cancel. A server may answer
 * before it has read the request, so {@code onRequestSent} can be missing. Implementations must not block.
 */
public interface TransportListener {

    /** The connection stands and the request's head goes out: from here on the server may act on the request. */
    default void onConnected() {}

    /** The last piece of the request goes out. Not told for a request without a body. */
    default void onRequestSent() {}

    /** The status and headers of the final response. */
    void onHead(ResponseHead head);

    /** The next piece of the body; never empty, and the receiver's to keep and to read. */
    void onBytes(ByteBuffer bytes);

    /** The body is complete as far as HTTP can tell. */
    void onEnd();

    /** The exchange broke, before or after the head. The error is the client library's own, or the JDK's for it. */
    void onFailure(Throwable error);
}
