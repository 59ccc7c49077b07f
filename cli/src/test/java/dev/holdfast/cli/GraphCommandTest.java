// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GraphCommandTest {
    private static final String NODE =
            "{\"id\":\"a\",\"name\":\"Ask\",\"description\":\"\",\"node_type\":\"event_loop\"}";
    private static final String SOUND =
            "{\"graph\":{\"entry_node\":\"a\",\"terminal_nodes\":[\"a\"],\"nodes\":[" + NODE + "],\"edges\":[]}}";
    private static final String WARNED = SOUND.replace("\"edges\":[]", "\"edges\":[],\"colour\":1");
    private static final String INVALID = SOUND.replace("\"entry_node\":\"a\"", "\"entry_node\":\"x\"");
    private static final String UNLOADABLE = SOUND.replace("\"description\":\"\",", "");

    @TempDir
    Path temp;

    private String file(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text).toString();
    }

    private static List<JsonNode> lines(Ran ran) {
        JsonMapper json = new JsonMapper();
        return ran.out().lines().map(json::readTree).toList();
    }

    @Test
    void validateGivesHivesVerdictAsOneObjectPerLinePerFile() throws IOException {
        String sound = file("sound.json", SOUND);
        String invalid = file("invalid.json", INVALID);
        String unloadable = file("unloadable.json", UNLOADABLE);

        Ran ran = Ran.holdfast("graph", "validate", sound, invalid, unloadable, "--json");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).isEmpty();
        assertThat(lines(ran))
                .extracting(line -> line.get("file").stringValue())
                .containsExactly(sound, invalid, unloadable);
        assertThat(lines(ran))
                .extracting(line -> line.get("loads").booleanValue())
                .containsExactly(true, true, false);
        assertThat(lines(ran))
                .extracting(line -> line.get("valid").booleanValue())
                .containsExactly(true, false, false);
        assertThat(lines(ran).get(0).propertyNames()).containsExactly("file", "loads", "valid", "errors", "warnings");
        assertThat(lines(ran).get(1).get("errors").get(0).toString())
                .isEqualTo("{\"code\":\"entry_node_not_found\",\"message\":\"Entry node 'x' not found\",\"path\":"
                        + "\"$.graph.entry_node\"}");
        assertThat(lines(ran).get(2).get("errors").get(0).get("message").stringValue())
                .contains("add it");
    }

    @Test
    void strictTakesWarningsForErrors() throws IOException {
        String warned = file("warned.json", WARNED);

        Ran lenient = Ran.holdfast("graph", "validate", warned, "--json");
        Ran strict = Ran.holdfast("graph", "validate", warned, "--json", "--strict");

        assertThat(lenient.code()).isZero();
        assertThat(lines(lenient).get(0).get("warnings")).hasSize(1);
        assertThat(strict.code()).isEqualTo(1);
        assertThat(lines(strict).get(0).get("loads").booleanValue()).isTrue();
        assertThat(lines(strict).get(0).get("valid").booleanValue()).isFalse();
        assertThat(lines(strict).get(0).get("errors").get(0).get("path").stringValue())
                .isEqualTo("$.graph.colour");
        assertThat(lines(strict).get(0).get("warnings")).isEmpty();
    }

    @Test
    void anUnreadablePathIsAUsageErrorAndTheOthersAreJudgedAllTheSame() throws IOException {
        String absent = temp.resolve("absent.json").toString();

        Ran ran = Ran.holdfast("graph", "validate", "--json", absent, file("sound.json", SOUND), temp.toString());

        assertThat(ran.code()).isEqualTo(2);
        assertThat(lines(ran)).hasSize(1);
        assertThat(ran.err()).contains(absent, temp.toString());
        assertThat(Ran.holdfast("graph", "validate").code()).isEqualTo(2);
    }

    @Test
    void peopleSeeAVerdictPerFileAndEachFindingWithItsPlace() throws IOException {
        String sound = file("sound.json", SOUND);
        String invalid =
                file("invalid.json", INVALID.replace("\"entry_node\":\"x\"", "\"entry_node\":\"x\\u001b[31m\""));

        Ran ran = Ran.holdfast("graph", "validate", sound, invalid);

        assertThat(ran.out())
                .isEqualTo("✓ " + sound + ": valid (1 node, 0 edges)\n"
                        + "✗ " + invalid + ": invalid (1 node, 0 edges, 2 errors, 1 warning)\n"
                        + "    error: Entry node 'x\ufffd[31m' not found\n"
                        + "        $.graph.entry_node  entry_node_not_found\n"
                        + "    error: Node 'a' is unreachable from entry\n"
                        + "        $.graph.nodes[0]  unreachable_node\n"
                        + "    warning: Terminal node 'a' cannot be reached from 'x\ufffd[31m'\n"
                        + "        $.graph.terminal_nodes[0]  terminal_out_of_reach\n"
                        + "1 of 2 valid\n");
    }

    @Test
    void drawGivesMermaidSvgOrHtml() throws IOException {
        String sound = file("sound.json", SOUND);

        assertThat(Ran.holdfast("graph", "draw", sound).out())
                .startsWith("flowchart TD\n")
                .contains("Ask");
        assertThat(Ran.holdfast("graph", "draw", sound, "--format", "mermaid"))
                .isEqualTo(Ran.holdfast("graph", "draw", sound));
        assertThat(Ran.holdfast("graph", "draw", sound, "--format", "svg").out())
                .startsWith("<?xml")
                .contains(">Ask</text>");
        assertThat(Ran.holdfast("graph", "draw", sound, "--format", "html").out())
                .startsWith("<!doctype html>")
                .contains("<svg");
        assertThat(Ran.holdfast("graph", "draw", sound).code()).isZero();
    }

    @Test
    void drawShowsWhatItCanAndSaysWhatIsWrong() throws IOException {
        Ran repaired = Ran.holdfast("graph", "draw", file("unloadable.json", UNLOADABLE));
        Ran empty = Ran.holdfast("graph", "draw", file("empty.json", "{\"graph\":{}}"));
        Ran broken = Ran.holdfast("graph", "draw", file("broken.json", "{"));
        Ran absent = Ran.holdfast("graph", "draw", temp.resolve("absent.json").toString());

        assertThat(repaired.code()).isZero();
        assertThat(repaired.out()).contains("Ask");
        assertThat(repaired.err()).contains("$.graph.nodes[0].description");
        assertThat(empty.code()).isEqualTo(1);
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err()).contains("Not JSON");
        assertThat(absent.code()).isEqualTo(2);
        assertThat(Ran.holdfast("graph", "draw", file("s.json", SOUND), "--format", "png")
                        .code())
                .isEqualTo(2);
    }
}
