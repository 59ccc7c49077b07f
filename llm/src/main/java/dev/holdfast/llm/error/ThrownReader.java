// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads an exception through any depth of wrapping: class names, messages, and the responses that exceptions of known
 * shape carry. Also reads exceptions that are known only as text, {@code class: message <- cause}.
 */
final class ThrownReader {
    /** Cause chains can be cyclic; no honest one is this deep. */
    private static final int MAX_DEPTH = 32;

    private static final int MAX_MESSAGE_CHARS = 8_192;

    private ThrownReader() {}

    /** Fills the fields from the chain; a response found in it is returned with what else is known. */
    static ErrorInput read(ErrorInput input, Throwable thrown, ErrorFields fields) {
        fields.set(Fact.THROWN);
        ErrorInput known = input;
        Throwable current = thrown;
        String previousMessage = "";
        for (int depth = 0; current != null && depth < MAX_DEPTH; depth++) {
            addClasses(current.getClass(), fields);
            known = ClientExceptions.withResponse(known, current, fields);
            String message = messageOf(current);
            if (!message.equals(previousMessage)) {
                readMessage(message, fields);
            }
            previousMessage = message;
            current = current.getCause();
        }
        return known;
    }

    private static void addClasses(Class<?> thrown, ErrorFields fields) {
        for (Class<?> c = thrown; c != null && c != Throwable.class && c != Exception.class; c = c.getSuperclass()) {
            fields.addThrown(simpleName(c.getName()));
        }
    }

    /** A message that fails to be computed is no reason to fail: getMessage may be overridden. */
    private static String messageOf(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            return message == null ? "" : message;
        } catch (RuntimeException broken) {
            return "";
        }
    }

    private static void readMessage(String message, ErrorFields fields) {
        if (!message.isBlank()) {
            new ErrorReader(fields)
                    .read(message.length() > MAX_MESSAGE_CHARS ? message.substring(0, MAX_MESSAGE_CHARS) : message);
        }
    }

    /** Fills the fields from an exception printed as text. */
    static void readText(String text, ErrorFields fields) {
        fields.set(Fact.THROWN);
        String previousMessage = "";
        for (String link : links(text)) {
            String message = afterClassNames(link, fields);
            if (!message.equals(previousMessage) && !message.equals("null")) {
                readMessage(message, fields);
            }
            previousMessage = message;
        }
    }

    private static List<String> links(String text) {
        List<String> links = new ArrayList<>();
        String bounded =
                text.length() > ResponseReader.MAX_BODY_CHARS ? text.substring(0, ResponseReader.MAX_BODY_CHARS) : text;
        for (String part : bounded.replace("Caused by: ", "<- ").split("<- ", MAX_DEPTH)) {
            if (!part.isBlank()) {
                links.add(part.strip());
            }
        }
        return links;
    }

    /** Takes {@code a.b.C: d.E: } off the beginning, remembers the names, returns what is left. */
    private static String afterClassNames(String link, ErrorFields fields) {
        String rest = link;
        while (true) {
            int colon = rest.indexOf(':');
            String head = (colon < 0 ? rest : rest.substring(0, colon)).strip();
            if (!isClassName(head)) {
                return rest;
            }
            fields.addThrown(simpleName(head));
            if (colon < 0) {
                return "";
            }
            rest = rest.substring(colon + 1).strip();
        }
    }

    private static boolean isClassName(String text) {
        if (text.isEmpty() || text.length() > 200) {
            return false;
        }
        boolean named = text.endsWith("Exception") || text.endsWith("Error") || text.endsWith("Timeout");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isJavaIdentifierPart(c) && c != '.') {
                return false;
            }
        }
        return text.indexOf('.') > 0 && Character.isUpperCase(simpleName(text).charAt(0)) || named;
    }

    private static String simpleName(String className) {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        String inner = simple.substring(simple.lastIndexOf('$') + 1);
        return inner.isEmpty() ? className : inner;
    }
}
