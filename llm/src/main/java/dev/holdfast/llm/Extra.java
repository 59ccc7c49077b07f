// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.llm.internal.Json;
import java.util.Objects;

/**
 * Fields of a request, a message, a part, a tool or an answer that only one dialect knows, kept word for word. They are
 * merged back into what is sent to a target of that dialect; for any other they are left out and reported as a {@link
 * TranslationNote}. Immutable; {@code toString} never shows a value.
 *
 * @param dialect the dialect's name, {@code openai} or {@code anthropic}; empty when there are none
 * @param json a JSON object that has the shape of the wire: members of members stand inside their own object
 */
public record Extra(String dialect, String json) {
    /** No further fields. */
    public static final Extra NONE = new Extra("", "{}");

    public Extra {
        Objects.requireNonNull(dialect, "dialect");
        Json.requireObject(json, "json");
    }

    /** Whether there are no further fields. */
    public boolean isEmpty() {
        return dialect.isEmpty();
    }

    /** The fields for a target of this dialect: {@code {}} when they are another's. */
    public String jsonFor(String targetDialect) {
        return dialect.equals(targetDialect) ? json : "{}";
    }

    @Override
    public String toString() {
        return isEmpty() ? "Extra[none]" : "Extra[" + dialect + ", " + json.length() + " chars]";
    }
}
