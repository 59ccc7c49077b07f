// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which of the peers' libraries are here, and which versions this was built with. */
final class Libraries {
    private static final Properties VERSIONS = new Properties();

    static {
        try (InputStream in = Libraries.class.getResourceAsStream("versions.properties")) {
            if (in != null) {
                VERSIONS.load(in);
            }
        } catch (IOException e) {
            throw new IllegalStateException("versions.properties cannot be read", e);
        }
    }

    private Libraries() {}

    static boolean present(String type) {
        try {
            Class.forName(type, false, Libraries.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Empty where it is not known. */
    static String version(String name) {
        return VERSIONS.getProperty(name, "");
    }
}
