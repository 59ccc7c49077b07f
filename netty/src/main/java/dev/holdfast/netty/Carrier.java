// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

/** What an exchange is on at the moment. Used on the exchange's loop only. */
sealed interface Carrier permits Connecting, Http1Connection, Http2Stream {

    /** Reads nothing more until {@link #resume}. */
    void pause();

    void resume();

    /** The exchange leaves before its end: what only it uses is closed at once, and it hears nothing more from here. */
    void abort(NettyExchange exchange);
}
