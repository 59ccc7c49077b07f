// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The text of a file that somebody wrote by hand, or the problem with it. */
final class ConfigFile {
    private ConfigFile() {}

    /** @throws ConfigException if there is no such file, it is larger than 1 MiB, or it is not UTF-8 */
    static String text(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            // one more than allowed, so that a file that grows, or never ends, is found out without reading all of it
            bytes = in.readNBytes(NodeReader.LARGEST + 1);
        } catch (NoSuchFileException e) {
            throw refused(file, "there is no such file");
        } catch (IOException e) {
            throw refused(file, Files.isDirectory(file) ? "is a directory, not a file" : "cannot be read");
        }
        if (bytes.length > NodeReader.LARGEST) {
            throw refused(file, NodeReader.TOO_LARGE);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw refused(file, "is not UTF-8");
        }
    }

    private static ConfigException refused(Path file, String message) {
        return new ConfigException(file.toString(), List.of(new ConfigProblem(0, "", message)));
    }
}
