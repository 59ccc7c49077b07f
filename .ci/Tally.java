// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Adds up the test reports of one leg and judges them: {@code java .ci/Tally.java LEG REPORTS JAVA TOTALS}. REPORTS is the
 * folder below each module's target, JAVA the version that every report must name, TOTALS a file to which one line of
 * numbers is appended. With HOLDFAST_REQUIRE_ALL=1 a skip is a failure, unless its message says that the corpus beside
 * the checkout is absent and it really is. A test that passed only when tried again is named; more than two of them fail
 * the leg. Exit 1 on any failure, or when nothing ran.
 */
public final class Tally {
    /** A starved machine explains one or two; more are a defect. */
    private static final int SECOND_TRIES = 2;

    private final List<String> problems = new ArrayList<>();
    private int passed;
    private int failed;
    private int skipped;
    private int unsteady;

    public static void main(String[] args) throws Exception {
        Tally tally = new Tally();
        String leg = args[0];
        for (Path report : reports(args[1])) {
            tally.read(report, args[2]);
        }
        if (tally.unsteady > SECOND_TRIES) {
            tally.problems.add(tally.unsteady + " tests passed only at the second try");
        }
        if (tally.passed == 0) {
            tally.problems.add("no test ran");
        }
        tally.problems.forEach(problem -> System.out.println(leg + ": " + problem));
        System.out.printf("%s: %d passed, %d failed, %d skipped%n", leg, tally.passed, tally.failed, tally.skipped);
        Files.writeString(
                Path.of(args[3]),
                tally.passed + " " + tally.failed + " " + tally.skipped + "\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
        System.exit(tally.problems.isEmpty() ? 0 : 1);
    }

    private static List<Path> reports(String folder) throws IOException {
        try (Stream<Path> files = Files.find(Path.of("."), 6, (path, facts) -> isReport(path, folder))) {
            return files.sorted().toList();
        }
    }

    private static boolean isReport(Path path, String folder) {
        return path.getFileName().toString().matches("TEST-.*\\.xml")
                && path.getParent().endsWith(Path.of("target", folder));
    }

    private void read(Path report, String java) throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        String ranOn = property(suite, "java.specification.version");
        if (!ranOn.equals(java)) {
            problems.add(suite.getAttribute("name") + " ran on Java " + ranOn + ", not " + java);
        }
        NodeList cases = suite.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            count((Element) cases.item(i));
        }
    }

    private void count(Element test) {
        String name = test.getAttribute("classname") + "." + test.getAttribute("name");
        NodeList skip = test.getElementsByTagName("skipped");
        if (test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() > 0) {
            failed++;
            problems.add("failed: " + name);
        } else if (skip.getLength() > 0) {
            String why = ((Element) skip.item(0)).getAttribute("message");
            skipped++;
            System.out.println("skipped: " + name + ": " + why);
            if ("1".equals(System.getenv("HOLDFAST_REQUIRE_ALL")) && !excused(why)) {
                problems.add("skipped, and all is required: " + name);
            }
        } else {
            passed++;
            if (test.getElementsByTagName("flakyFailure").getLength()
                            + test.getElementsByTagName("flakyError").getLength()
                    > 0) {
                unsteady++;
                System.out.println("passed at the second try: " + name);
            }
        }
    }

    /** Only the corpus beside the checkout may be absent; a skip on its account must name its variable. */
    private static boolean excused(String why) {
        String corpus = System.getenv("HOLDFAST_CORPUS");
        return why.contains("HOLDFAST_CORPUS") && !Files.isDirectory(Path.of(corpus == null ? "../shared" : corpus));
    }

    private static String property(Element suite, String name) {
        NodeList properties = suite.getElementsByTagName("property");
        for (int i = 0; i < properties.getLength(); i++) {
            Element property = (Element) properties.item(i);
            if (property.getAttribute("name").equals(name)) {
                return property.getAttribute("value");
            }
        }
        return "unknown";
    }
}
