// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import dev.holdfast.simulator.scenario.ScenarioException.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads YAML or JSON into {@link Node}s. Keys given twice and aliases are problems. */
final class NodeReader {
    private static final int DEEPEST = 16;

    private final JsonParser parser;
    private final List<Problem> problems;

    private NodeReader(JsonParser parser, List<Problem> problems) {
        this.parser = parser;
        this.problems = problems;
    }

    static Node read(String text, List<Problem> problems) {
        // JSON may be indented by tabs, which YAML forbids
        TokenStreamFactory format = text.stripLeading().startsWith("{") ? new JsonFactory() : new YAMLFactory();
        try (JsonParser parser = format.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return new Node.Mapping(1, Map.of());
            }
            NodeReader reader = new NodeReader(parser, problems);
            Node root = reader.node(0);
            if (parser.nextToken() != null) {
                problems.add(new Problem(reader.line(), "", "there is more after the end of the scenario"));
            }
            return root;
        } catch (JacksonException unreadable) {
            int line = unreadable.getLocation() == null
                    ? 1
                    : Math.max(1, unreadable.getLocation().getLineNr());
            problems.add(new Problem(line, "", "cannot be read: " + unreadable.getOriginalMessage()));
            return new Node.Mapping(1, Map.of());
        }
    }

    private Node node(int depth) {
        int line = line();
        if (depth > DEEPEST) {
            problems.add(new Problem(line, "", "nested too deeply"));
            parser.skipChildren();
            return new Node.Scalar(line, "", false);
        }
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            problems.add(new Problem(line, "", "aliases are not understood"));
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(line, depth);
            case START_ARRAY -> sequence(line, depth);
            case VALUE_STRING -> new Node.Scalar(line, parser.getString(), true);
            default -> new Node.Scalar(line, String.valueOf(parser.getString()), false);
        };
    }

    private Node mapping(int line, int depth) {
        Map<String, Node> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line();
            parser.nextToken();
            if (entries.put(key, node(depth + 1)) != null) {
                problems.add(new Problem(keyLine, key, "is given twice"));
            }
        }
        return new Node.Mapping(line, entries);
    }

    private Node sequence(int line, int depth) {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(depth + 1));
        }
        return new Node.Sequence(line, items);
    }

    private int line() {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }
}
