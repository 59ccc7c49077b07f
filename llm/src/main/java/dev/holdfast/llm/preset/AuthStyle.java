// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.preset;

/** In which header a provider expects the key. */
public enum AuthStyle {
    /** {@code Authorization: Bearer KEY} */
    BEARER("authorization", "Bearer "),
    /** {@code x-api-key: KEY} */
    X_API_KEY("x-api-key", ""),
    /** {@code api-key: KEY} */
    API_KEY("api-key", ""),
    /** {@code x-goog-api-key: KEY} */
    X_GOOG_API_KEY("x-goog-api-key", "");

    private final String header;
    private final String prefix;

    AuthStyle(String header, String prefix) {
        this.header = header;
        this.prefix = prefix;
    }

    /** The header's name in lower case. */
    public String header() {
        return header;
    }

    /** The value of the header for a key; callers must put it nowhere but into the request. */
    public String value(String key) {
        return prefix + key;
    }
}
