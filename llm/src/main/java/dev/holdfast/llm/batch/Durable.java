// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Writing that is complete when it returns. */
final class Durable {
    private Durable() {}

    static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
