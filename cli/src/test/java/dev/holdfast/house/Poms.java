// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.house;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Reads the poms of this checkout, as they are written. */
final class Poms {
    static final Path ROOT = Path.of(System.getenv("HOLDFAST_ROOT"));

    private Poms() {}

    static List<Element> all() throws Exception {
        List<Element> poms = new ArrayList<>(List.of(read(ROOT)));
        poms.addAll(modules());
        return poms;
    }

    static List<Element> modules() throws Exception {
        List<Element> modules = new ArrayList<>();
        for (Path folder : folders()) {
            modules.add(read(ROOT.resolve(folder)));
        }
        return modules;
    }

    /** Where the modules are, below the root. */
    static List<Path> folders() throws Exception {
        return all(read(ROOT), "module").stream()
                .map(module -> Path.of(module.getTextContent().trim()))
                .toList();
    }

    /** Modules of ours that a module brings along to whoever uses it: not those of its tests alone. */
    static List<String> ours(Element module) {
        return all(module, "dependency").stream()
                .filter(used -> text(used, "groupId").equals("dev.holdfast"))
                .filter(used -> !text(used, "scope").equals("test"))
                .map(used -> text(used, "artifactId"))
                .toList();
    }

    static Element read(Path folder) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("pom.xml").toFile())
                .getDocumentElement();
    }

    /** All elements of that name, however deep. */
    static List<Element> all(Element within, String name) {
        NodeList found = within.getElementsByTagName(name);
        return Stream.iterate(0, i -> i < found.getLength(), i -> i + 1)
                .map(i -> (Element) found.item(i))
                .toList();
    }

    /** The text of a direct child, or the empty string. */
    static String text(Element parent, String child) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(child)) {
                return element.getTextContent().trim();
            }
        }
        return "";
    }

    static String document(String name) throws Exception {
        return Files.readString(ROOT.resolve(name));
    }
}
