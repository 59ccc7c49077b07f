// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.Extra;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.internal.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the report while a request or an answer is put into a dialect, and puts fields back that only this dialect knows.
 * For one request or answer; not thread-safe.
 *
 * <p>The wire can say some things in two ways, for example a text as a string or as a list of one part. Which one was used
 * stands in an {@link Extra} under {@value #FORM}, as words of the dialect that wrote it; that is no field and no loss.
 */
public final class Carrier {
    /** No wire has a member of this name at the places where an extra stands. */
    static final String FORM = "@form";

    private static final String TOOLS = "tools";
    private static final String CHOICES = "choices";
    private static final Set<String> REASONS = Set.of("finish_reason", "stop_reason");
    /** Objects that the model knows, so that only what is left in them is lost. */
    private static final Set<String> SHARED = Set.of(
            "function",
            "source",
            "image_url",
            "response_format",
            "json_schema",
            "output_config",
            "format",
            "tool_choice",
            "metadata",
            "message",
            "usage",
            "prompt_tokens_details",
            "completion_tokens_details");

    private final String dialect;
    private final List<TranslationNote> notes = new ArrayList<>();

    /** @param dialect the one that things are put into */
    public Carrier(String dialect) {
        this.dialect = dialect;
    }

    /** An extra that says nothing but which form the wire had. */
    public static Extra form(String dialect, String word) {
        return withForm(Extra.NONE, dialect, word);
    }

    /** The extra with a note of which form the wire had, in place of any before. */
    public static Extra withForm(Extra extra, String dialect, String word) {
        return new Extra(dialect, Json.string(read(extra).put(FORM, word)));
    }

    /** The report so far. */
    public List<TranslationNote> notes() {
        return List.copyOf(notes);
    }

    /** Something is left out. */
    public void dropped(String path, String detail) {
        add(TranslationNote.dropped(path, detail));
    }

    /** Something that comes close is sent in its place. */
    public void approximated(String path, String detail) {
        add(TranslationNote.approximated(path, detail));
    }

    private void add(TranslationNote note) {
        if (!notes.contains(note)) {
            notes.add(note);
        }
    }

    /** Whether what carries this extra had the form that the word names, in the dialect that is written. */
    public boolean hasForm(Extra extra, String word) {
        return extra.dialect().equals(dialect) && forms(read(extra)).contains(word);
    }

    /** Whether there are fields to put back, so that the short form will not do. */
    public boolean hasFields(Extra extra) {
        ObjectNode fields = read(extra);
        fields.remove(FORM);
        return extra.dialect().equals(dialect) && !fields.isEmpty();
    }

    /** Whether the fields to put back say this, whatever is written first; {@code pointer} is a JSON pointer. */
    public boolean states(Extra extra, String pointer) {
        return extra.dialect().equals(dialect) && !read(extra).at(pointer).isMissingNode();
    }

    /**
     * Puts the fields back, or reports them.
     *
     * @param path of what carries the extra; empty for the whole request or answer
     */
    public void extra(ObjectNode target, Extra extra, String path) {
        if (extra.isEmpty()) {
            return;
        }
        ObjectNode fields = read(extra);
        fields.remove(FORM);
        if (extra.dialect().equals(dialect)) {
            Json.merge(target, fields);
        } else {
            report(fields, path, extra.dialect());
        }
    }

    /** Puts the fields back without a report, which a stream makes when the answer is whole. */
    public void putBack(ObjectNode target, Extra extra) {
        if (extra.dialect().equals(dialect)) {
            extra(target, extra, "");
        }
    }

    /** {@link #extra} of a whole answer; {@code choice} is the first answer, to be put into {@code choices}. */
    public void choicesExtra(ObjectNode target, Extra extra, ArrayNode choices, ObjectNode choice) {
        ObjectNode fields = read(extra);
        boolean ours = extra.dialect().equals(dialect);
        if (ours && fields.remove(CHOICES) instanceof ArrayNode others) {
            for (int i = 0; i < others.size(); i++) {
                if (i > 0) {
                    choices.add(others.get(i));
                } else if (others.get(i) instanceof ObjectNode first) {
                    Json.merge(choice, first);
                }
            }
        }
        extra(target, ours ? new Extra(dialect, Json.string(fields)) : extra, "");
    }

    /**
     * {@link #extra} for a whole request: tools that only one dialect knows go back to their places among the others.
     *
     * @param known the tools that both sides know, in order
     */
    public void requestExtra(ObjectNode target, Extra extra, ArrayNode known) {
        ObjectNode fields = read(extra);
        if (!(fields.get(TOOLS) instanceof ArrayNode places) || places.isEmpty()) {
            if (!known.isEmpty()) {
                target.set(TOOLS, known);
            }
            extra(target, extra, "");
            return;
        }
        fields.remove(TOOLS);
        ArrayNode all = Json.array();
        int next = 0;
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).isNull()) {
                if (next < known.size()) {
                    all.add(known.get(next++));
                }
            } else if (extra.dialect().equals(dialect)) {
                all.add(places.get(i));
            } else {
                dropped("tools[" + i + "]", "a tool of a kind that only " + extra.dialect() + " knows");
            }
        }
        while (next < known.size()) {
            all.add(known.get(next++));
        }
        if (!all.isEmpty()) {
            target.set(TOOLS, all);
        }
        extra(target, new Extra(extra.dialect(), Json.string(fields)), "");
    }

    /** Whether a request has tools that only the dialect which is written knows. */
    public boolean hasOtherTools(Extra extra) {
        return extra.dialect().equals(dialect) && read(extra).has(TOOLS);
    }

    private void report(ObjectNode fields, String path, String from) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            String place = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (REASONS.contains(field.getKey())) {
                continue; // another word for what the model says by itself, and reports where it cannot
            }
            if (field.getValue() instanceof ObjectNode inner && SHARED.contains(field.getKey())) {
                report(inner, place, from);
            } else if (field.getValue() instanceof ArrayNode list
                    && field.getKey().equals(CHOICES)) {
                reportChoices(list, from);
            } else if (says(field.getValue())) {
                dropped(place, "only " + from + " knows it");
            }
        }
    }

    /** Of the first answer there is what is left over, the others are there as a whole. */
    private void reportChoices(ArrayNode choices, String from) {
        for (int i = 0; i < choices.size(); i++) {
            if (i > 0) {
                dropped(CHOICES + "[" + i + "]", "only " + from + " knows several answers");
            } else if (choices.get(i) instanceof ObjectNode first) {
                report(first, CHOICES + "[0]", from);
            }
        }
    }

    /** Null, nothing, no, and none of it are what is meant anyway where the field is unknown. */
    private static boolean says(JsonNode value) {
        if (value.isContainer()) {
            for (JsonNode inner : value) {
                if (says(inner) || (inner.isContainer() && inner.isEmpty())) {
                    return true;
                }
            }
            return false;
        }
        boolean nothing = value.isNull()
                || (value.isNumber() && value.doubleValue() == 0)
                || (value.isBoolean() && !value.booleanValue())
                || (value.isString() && value.stringValue().isEmpty());
        return !nothing;
    }

    private static List<String> forms(ObjectNode fields) {
        @Nullable String words = Json.text(fields, FORM);
        return words == null ? List.of() : List.of(words.split(" "));
    }

    private static ObjectNode read(Extra extra) {
        return extra.isEmpty() ? Json.object() : Json.requireObject(extra.json(), "extra");
    }
}
