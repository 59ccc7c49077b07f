// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.gateway.config.GatewayConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where an access log goes, by the configuration. */
final class Sinks {
    private Sinks() {}

    static AccessLog.Sink of(GatewayConfig.AccessLog config) {
        if (!config.enabled()) {
            return OutputStream::nullOutputStream;
        }
        String file = config.file();
        if (file == null) {
            return () -> new Unclosed(new FileOutputStream(FileDescriptor.err));
        }
        return () -> Files.newOutputStream(Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Standard error belongs to the whole process. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() {
            // see above
        }
    }
}
