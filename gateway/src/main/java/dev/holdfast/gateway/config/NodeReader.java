// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.gateway.config.Node.Entry;
import dev.holdfast.gateway.config.Node.Kind;
import dev.holdfast.gateway.config.Node.Mapping;
import dev.holdfast.gateway.config.Node.Scalar;
import dev.holdfast.gateway.config.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads YAML into {@link Node}s. Keys given twice, unknown anchors and foreign tags are problems. An alias stands for its
 * node without copying it, and what all of them stand for together is bounded.
 */
final class NodeReader {
    static final int LARGEST = 1 << 20;
    static final String TOO_LARGE = "is larger than 1 MiB, which no configuration needs to be";

    private static final int DEEPEST = 32;
    private static final int MOST_NODES = 50_000;
    private static final String MERGE = "<<";
    private static final int SHOWN = 60;
    private static final Set<String> TAGS = Set.of("str", "int", "float", "bool", "null", "map", "seq");

    private static final Pattern MARK = Pattern.compile("(?m)^ in reader, line (\\d{1,9}), column");

    private final YAMLParser parser;
    private final @Nullable References references;
    private final Problems problems;
    private final Map<String, Node> anchors = new HashMap<>();

    private NodeReader(YAMLParser parser, @Nullable References references, Problems problems) {
        this.parser = parser;
        this.references = references;
        this.problems = problems;
    }

    /** The document cannot be read on; the problem is told. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super(null, null, false, false);
        }
    }

    /**
     * The document; an empty mapping where there is none, or where it cannot be read.
     *
     * @param references null to leave every scalar as it is written
     */
    static Node read(String yaml, @Nullable References references, Problems problems) {
        Node nothing = new Mapping(1, Map.of(), 1);
        if (yaml.length() > LARGEST) {
            problems.add(0, "", TOO_LARGE);
            return nothing;
        }
        String text = yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml;
        if (reserved(text, problems)) {
            return nothing;
        }
        String readable = references == null ? text : References.shield(text);
        try (YAMLParser parser = (YAMLParser) new YAMLFactory().createParser(ObjectReadContext.empty(), readable)) {
            if (parser.nextToken() == null) {
                return nothing;
            }
            NodeReader reader = new NodeReader(parser, references, problems);
            Node root = reader.node("", 0);
            if (parser.nextToken() != null) {
                problems.add(reader.line(), "", "another document begins here, and a configuration is one document");
            }
            return root;
        } catch (Unreadable told) {
            return nothing;
        } catch (JacksonException unreadable) {
            problems.add(line(unreadable), "", "is not YAML: " + withoutExcerpt(unreadable.getOriginalMessage()));
            return nothing;
        }
    }

    private static boolean reserved(String text, Problems problems) {
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
            } else if (References.isReserved(c)) {
                problems.add(line, "", String.format("the private character U+%04X cannot be used here", (int) c));
                return true;
            }
        }
        return false;
    }

    /** Where the mistake is; what never ends is best looked for where it begins. */
    private static int line(JacksonException unreadable) {
        String message = String.valueOf(unreadable.getOriginalMessage());
        int line = unreadable.getLocation() == null
                ? 0
                : Math.max(0, unreadable.getLocation().getLineNr());
        Matcher marks = MARK.matcher(message);
        boolean endless = message.contains("end of stream") || message.contains("<stream end>");
        while (marks.find()) {
            line = Integer.parseInt(marks.group(1));
            if (endless) {
                break;
            }
        }
        return line;
    }

    /** The parser quotes the lines around a mistake, and a key may be in them. */
    private static String withoutExcerpt(@Nullable String message) {
        String words = String.valueOf(message)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .map(line -> line.replaceAll("(got this instead|but found): .*", "found something else"))
                .collect(Collectors.joining(", "));
        String plain = References.unshield(words);
        return plain.length() > 200 ? plain.substring(0, 200) : plain;
    }

    private Node node(String path, int depth) {
        int line = line();
        if (depth > DEEPEST) {
            problems.add(line, path, "is nested deeper than " + DEEPEST + " levels");
            throw new Unreadable();
        }
        if (parser.isCurrentAlias()) {
            return alias(parser.getString(), line, path);
        }
        Object tag = parser.getTypeId();
        if (tag != null && !TAGS.contains(tag.toString().replaceFirst("^tag:yaml\\.org,2002:", ""))) {
            problems.add(line, path, "YAML tags are not understood here: write the value alone");
        }
        String anchor = parser.getObjectId();
        Node node =
                switch (parser.currentToken()) {
                    case START_OBJECT -> mapping(line, path, depth);
                    case START_ARRAY -> sequence(line, path, depth);
                    default -> scalar(line, path);
                };
        if (anchor != null) {
            anchors.put(anchor, node);
        }
        if (node.size() > MOST_NODES) {
            problems.add(line, path, "stands, with all that its aliases repeat, for more than " + MOST_NODES + " values");
            throw new Unreadable();
        }
        return node;
    }

    private Node alias(String name, int line, String path) {
        Node target = anchors.get(name);
        if (target == null) {
            problems.add(line, path, "no anchor &" + name + " stands before this alias");
            return new Scalar(line, "", "", Kind.BROKEN);
        }
        return target;
    }

    private Node mapping(int line, String path, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, Entry> merged = new LinkedHashMap<>();
        long size = 1;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = References.unshield(parser.currentName());
            int keyLine = line();
            parser.nextToken();
            String where = path.isEmpty() ? key : path + "." + key;
            Node value = node(where, depth + 1);
            size += value.size();
            if (key.equals(MERGE)) {
                merge(value, keyLine, where, merged);
                continue;
            }
            Entry earlier = entries.putIfAbsent(key, new Entry(keyLine, value));
            if (earlier != null) {
                problems.add(keyLine, where, "is given twice, first in line " + earlier.line());
            }
        }
        merged.forEach(entries::putIfAbsent);
        return new Mapping(line, entries, (int) Math.min(Integer.MAX_VALUE, size));
    }

    private void merge(Node value, int line, String path, Map<String, Entry> merged) {
        List<Node> sources = value instanceof Sequence sequence ? sequence.items() : List.of(value);
        for (Node source : sources) {
            if (source instanceof Mapping mapping) {
                mapping.entries().forEach(merged::putIfAbsent);
            } else if (!(source instanceof Scalar scalar && scalar.kind() == Kind.BROKEN)) {
                problems.add(line, path, "only mappings can be merged");
            }
        }
    }

    private Node sequence(int line, String path, int depth) {
        List<Node> items = new ArrayList<>();
        long size = 1;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Node item = node(path + "[" + items.size() + "]", depth + 1);
            size += item.size();
            items.add(item);
        }
        return new Sequence(line, items, (int) Math.min(Integer.MAX_VALUE, size));
    }

    private Node scalar(int line, String path) {
        String written = References.unshield(Objects.requireNonNullElse(parser.getString(), ""));
        Kind kind =
                switch (parser.currentToken()) {
                    case VALUE_NULL -> Kind.NOTHING;
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> Kind.BARE;
                    default -> written.equals("~") ? Kind.NOTHING : Kind.TEXT;
                };
        String shown = written.length() > SHOWN ? written.substring(0, SHOWN) + "…" : written;
        if (references == null || kind != Kind.TEXT || written.indexOf('$') < 0) {
            return new Scalar(line, written, shown, kind);
        }
        References.Resolved resolved = references.resolve(written);
        resolved.problems().forEach(problem -> problems.add(line, path, problem));
        if (!resolved.problems().isEmpty()) {
            return new Scalar(line, "", shown, Kind.BROKEN);
        }
        return new Scalar(line, resolved.text(), shown, resolved.names().isEmpty() ? Kind.TEXT : Kind.REFERENCE);
    }

    private int line() {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }
}
