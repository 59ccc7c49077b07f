// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;

/** How one response goes out in a version of HTTP. Called on the event loop, in a valid order. */
interface Outlet {
    /** Whose write buffer the response fills. */
    Channel channel();

    void whole(int status, HttpHeaders headers, byte[] body);

    void head(int status, HttpHeaders headers);

    void piece(ByteBuffer piece);

    void last();

    /** The response ends here so that the client notices. */
    void cut();
}
