// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/** A string that fits {@code format}, {@code pattern}, {@code minLength} and {@code maxLength}. */
final class StringSample {
    private static final int LONGEST = 10_000;

    private StringSample() {}

    static String of(JsonNode schema) {
        if (schema.path("pattern").isString()) {
            String sample = PatternSample.of(schema.path("pattern").stringValue());
            if (matches(schema.path("pattern").stringValue(), sample)) {
                return sample;
            }
        }
        String sample = ofFormat(schema.path("format").asString(""));
        int least = Math.min(LONGEST, schema.path("minLength").asInt(0));
        if (sample.length() < least) {
            sample = sample + "x".repeat(least - sample.length());
        }
        return sample.substring(
                0, Math.min(sample.length(), schema.path("maxLength").asInt(sample.length())));
    }

    private static boolean matches(String pattern, String sample) {
        try {
            return Pattern.compile(pattern).matcher(sample).find();
        } catch (PatternSyntaxException notOfThisLanguage) {
            return false;
        }
    }

    private static String ofFormat(String format) {
        return switch (format) {
            case "date-time" -> "2026-01-02T03:04:05Z";
            case "date" -> "2026-01-02";
            case "time" -> "03:04:05Z";
            case "duration" -> "PT1H";
            case "email", "idn-email" -> "ada@example.com";
            case "hostname", "idn-hostname" -> "example.com";
            case "ipv4" -> "192.0.2.1";
            case "ipv6" -> "2001:db8::1";
            case "uuid" -> "00000000-0000-4000-8000-000000000001";
            case "uri", "url", "iri", "uri-reference" -> "https://example.com/a";
            case "byte" -> "aGVsbG8=";
            case "json-pointer" -> "/a";
            case "regex" -> "a";
            default -> "harbour";
        };
    }
}
