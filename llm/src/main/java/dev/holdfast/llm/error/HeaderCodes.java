// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/** Typed codes that providers send in headers. */
final class HeaderCodes {
    private static final String[] NAMES = {"x-amzn-errortype", ":exception-type", ":error-code", "x-ms-error-code"};

    private HeaderCodes() {}

    static void read(ErrorInput input, ErrorFields fields) {
        if (input.headers().isEmpty()) {
            return;
        }
        for (String name : NAMES) {
            String value = input.header(name);
            if (value != null) {
                int colon = value.indexOf(':');
                fields.addCode(colon < 0 ? value : value.substring(0, colon));
            }
        }
    }
}
