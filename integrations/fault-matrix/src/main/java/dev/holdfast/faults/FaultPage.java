// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The page docs/fault-matrix.md, made of what the cells were. */
public final class FaultPage {
    private static final String HEAD = """
            # The fault matrix

            What each client makes of each fault, as it comes and with Holdfast. Every cell was run over a real socket: a server
            of our own does the harm, counts the requests, and takes the time. All clients have a timeout of two seconds and
            otherwise their defaults; with Holdfast there are three attempts, backoff from 50 ms, and a deadline of 10 s. A call
            that says nothing for 12 s is given up.

            This page is generated. The tests run the column with Holdfast each time and compare it with the page, times aside.
            This runs both columns and writes it again, with `-Dholdfast.docs.client=NAME` behind it one client's alone:

                ./mvnw -pl integrations/fault-matrix -am test -Dtest=FaultMatrixTest -Dsurefire.failIfNoSpecifiedTests=false \\
                  -Dtest.jvm.args="-Xmx1g -Dholdfast.docs.rewrite=true"

            Spring AI has a module of its own, `integrations/fault-matrix-spring` with `SpringFaultMatrixTest`, because it brings an
            older OpenAI client. google-genai is guarded as [the page on official clients](official-sdks.md#google-genai) says.

            In bold: what leaves a caller without an answer and without an error, with two ends, or with a part for the whole.
            """;

    private FaultPage() {}

    /**
     * The page with the sections of these clients made anew; those of others stay.
     *
     * @param page as it was; empty for none
     */
    public static String rewritten(
            String page, Map<String, List<Cell>> bare, Map<String, List<Cell>> guarded, Map<String, String> versions) {
        Map<String, String> sections = new LinkedHashMap<>();
        for (String section : page.split("(?m)^## ")) {
            if (!section.startsWith("#") && !section.isBlank()) {
                sections.put(section.lines().findFirst().orElse(""), section.strip() + "\n");
            }
        }
        guarded.forEach((client, cells) -> {
            String title = client + " " + versions.getOrDefault(client, "");
            sections.keySet().removeIf(old -> !old.equals(title) && old.startsWith(client + " "));
            sections.put(title, section(title, bare.getOrDefault(client, List.of()), cells));
        });
        StringBuilder all = new StringBuilder(HEAD);
        sections.values().forEach(section -> all.append("\n## ").append(section));
        return all.toString();
    }

    private static String section(String title, List<Cell> bare, List<Cell> guarded) {
        StringBuilder section =
                new StringBuilder(title).append("\n\n| fault | alone | with Holdfast |\n|---|---|---|\n");
        for (int i = 0; i < guarded.size(); i++) {
            section.append("| ")
                    .append(guarded.get(i).fault().title())
                    .append(" | ")
                    .append(bare.get(i).told())
                    .append(" | ")
                    .append(guarded.get(i).told())
                    .append(" |\n");
        }
        return section.append(keys(bare, guarded)).toString();
    }

    /** What the page says of guarded calls of one client, fault by fault and without times. */
    public static List<String> guardedFacts(String page, String client) {
        return Stream.of(page.split("(?m)^## "))
                .filter(section -> section.startsWith(client + " "))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("| ") && !line.startsWith("| fault |"))
                .map(FaultPage::guardedFact)
                .toList();
    }

    private static String guardedFact(String row) {
        String[] columns = row.split(" \\| ?", -1);
        return columns[0].substring(2) + ": " + columns[2].replaceAll(" · [0-9.]+ s", "");
    }

    private static String keys(List<Cell> alone, List<Cell> cells) {
        return "\nIdempotency key on every attempt of a call, the same one: alone "
                + (same(alone) ? "yes" : "no") + ", with Holdfast " + (same(cells) ? "yes" : "no")
                + ".\n";
    }

    private static boolean same(List<Cell> cells) {
        return cells.stream().allMatch(cell -> cell.keys() == 1);
    }
}
