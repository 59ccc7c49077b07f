// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What the documents say about the build is what the build does. */
class HouseTest {
    private static final Pattern LISTED = Pattern.compile("^\\| `([^`:]+:[^`]+)` \\|", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void everyDependencyIsListedWithItsReasonAndNoOther() throws Exception {
        Set<String> used = new TreeSet<>();
        for (Element pom : Poms.all()) {
            for (String kind : List.of("dependency", "plugin", "path")) {
                Poms.all(pom, kind).forEach(element -> used.add(coordinates(element)));
            }
        }
        used.removeIf(dependency -> dependency.startsWith("dev.holdfast:"));

        assertThat(listed()).as("docs/dependencies.md").containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void bomHasEveryPublishedModule() throws Exception {
        List<String> published = new ArrayList<>();
        for (Element module : Poms.modules()) {
            if (isPublished(module) && !Poms.text(module, "packaging").equals("pom")) {
                published.add(Poms.text(module, "artifactId"));
            }
        }
        Element bom = Poms.read(Poms.ROOT.resolve("bom"));

        assertThat(Poms.all(bom, "dependency"))
                .extracting(managed -> Poms.text(managed, "artifactId"))
                .containsExactlyInAnyOrderElementsOf(published);
    }

    /**
     * An integration stands on the library alone, and nothing stands on it but another integration. A sample, which is never
     * published, brings the simulator along as its provider.
     */
    @Test
    void integrationsStandOnTheLibraryAlone() throws Exception {
        List<String> integrations = new ArrayList<>();
        for (Path folder : Poms.folders()) {
            if (folder.startsWith("integrations")) {
                integrations.add(Poms.text(Poms.read(Poms.ROOT.resolve(folder)), "artifactId"));
            }
        }
        List<String> allowed = new ArrayList<>(List.of("holdfast-core", "holdfast-llm"));
        allowed.addAll(integrations);

        for (Path folder : Poms.folders()) {
            Element module = Poms.read(Poms.ROOT.resolve(folder));
            if (Poms.text(module, "artifactId").equals("holdfast-bom")) {
                continue; // it names all and stands on none
            }
            boolean sample = !isPublished(module);
            assertThat(Poms.ours(module))
                    .as(folder + "/pom.xml")
                    .allMatch(used -> folder.startsWith("integrations")
                            ? allowed.contains(used) || sample && used.equals("holdfast-simulator")
                            : !integrations.contains(used));
        }
    }

    private static boolean isPublished(Element module) {
        return Poms.all(module, "maven.deploy.skip").stream()
                .noneMatch(skip -> skip.getTextContent().equals("true"));
    }

    @Test
    void bomBringsNothingElseAlong() throws Exception {
        Element bom = Poms.read(Poms.ROOT.resolve("bom"));

        assertThat(Poms.all(bom, "parent")).isEmpty();
        assertThat(Poms.text(bom, "version")).isEqualTo(Poms.text(Poms.read(Poms.ROOT), "version"));
    }

    @Test
    void linksBetweenDocumentsLead() throws Exception {
        List<Path> documents;
        try (Stream<Path> docs = Files.walk(Poms.ROOT.resolve("docs"));
                Stream<Path> top = Files.list(Poms.ROOT)) {
            documents = Stream.concat(docs, top)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }

        assertThat(documents).isNotEmpty().allSatisfy(document -> {
            Matcher links = LINK.matcher(Files.readString(document));
            while (links.find()) {
                assertThat(document.resolveSibling(links.group(1))).exists();
            }
        });
    }

    private static Set<String> listed() throws Exception {
        Set<String> listed = new TreeSet<>();
        Matcher rows = LISTED.matcher(Poms.document("docs/dependencies.md"));
        while (rows.find()) {
            assertThat(listed.add(rows.group(1)))
                    .as("listed once: " + rows.group(1))
                    .isTrue();
        }
        return listed;
    }

    private static String coordinates(Element element) {
        return Poms.text(element, "groupId") + ":" + Poms.text(element, "artifactId");
    }
}
