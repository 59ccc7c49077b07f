// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page docs/fault-matrix.md, made of what the cells were. */
public final class FaultPage {
    private static final String HEAD =
            """
            # The fault matrix

            What each client makes of each fault, as it comes and with Holdfast. Every cell was run over a real socket: a server
            of our own does the harm, counts the requests, and takes the time. All clients have a timeout of one second and
            otherwise their defaults; with Holdfast there are three attempts, backoff from 50 ms, and a deadline of 7 s. A call
            that says nothing for 8 s is given up.

            This page is generated. The tests run the column with Holdfast each time and compare it with the page, times aside;
            `./mvnw test -pl integrations/fault-matrix -am -Dholdfast.docs.rewrite=true` runs both columns and writes it again.

            In bold: what leaves a caller without an answer and without an error, with two ends, or with a part for the whole.
            """;

    private FaultPage() {}

    /** One row, which the tests compare as far as it concerns guarded calls. */
    public static String row(Fault fault, String bare, String guarded) {
        return "| " + fault.title() + " | " + bare + " | " + guarded + " |";
    }

    public static String render(
            Map<String, List<Cell>> bare, Map<String, List<Cell>> guarded, Map<String, String> versions) {
        StringBuilder page = new StringBuilder(HEAD);
        guarded.forEach((client, cells) -> {
            List<Cell> alone = bare.get(client);
            page.append("\n## ").append(client);
            String version = versions.get(client);
            if (version != null) {
                page.append(' ').append(version);
            }
            page.append("\n\n| fault | alone | with Holdfast |\n|---|---|---|\n");
            for (int i = 0; i < cells.size(); i++) {
                @Nullable Cell before = alone == null ? null : alone.get(i);
                page.append(row(
                                cells.get(i).fault(),
                                before == null ? "" : before.told(),
                                cells.get(i).told()))
                        .append('\n');
            }
            page.append(keys(alone, cells));
        });
        return page.toString();
    }

    private static String keys(@Nullable List<Cell> alone, List<Cell> cells) {
        return "\nIdempotency key on every attempt of a call, the same one: alone "
                + (alone != null && same(alone) ? "yes" : "no") + ", with Holdfast " + (same(cells) ? "yes" : "no")
                + ".\n";
    }

    private static boolean same(List<Cell> cells) {
        return cells.stream().allMatch(cell -> cell.keys() == 1);
    }
}
