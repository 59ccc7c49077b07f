// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StormPageTest {
    private static final String PAGE =
            "# Storms\n\n<!-- real_time -->\nbygone\n<!-- end -->\n\n<!-- virtual_time -->\n<!-- end -->\nlast\n";

    @TempDir
    Path directory;

    @Test
    void figuresGoWhereThoseOfTheirFormWere() {
        String page = StormPage.with(PAGE, SampleStorm.storm());

        assertThat(page)
                .startsWith("# Storms\n\n<!-- real_time -->\n\n```\nholdfast storm --seed 42\n```\n")
                .endsWith("<!-- end -->\n\n<!-- virtual_time -->\n<!-- end -->\nlast\n")
                .contains("| overload | 62 % | 11 % | 35 % | 55 % | 52 % | 97 % |")
                .contains("| Holdfast | 97 % ± 0.6 | 1.09 | 1.14 | 310 ms | 981 ms | 2 s | 0 | 0 | 90 | 312 | 1,800 |")
                .contains("- amplification at most 1.05: 1.09, **fails**")
                .doesNotContain("bygone");
        assertThat(StormPage.with(page, SampleStorm.storm())).isEqualTo(page);
    }

    @Test
    void aPageWithoutPlaceIsRefused() {
        assertThatThrownBy(() -> StormPage.with("# Storms", SampleStorm.storm()))
                .hasMessageContaining("<!-- real_time -->");
    }

    @Test
    void picturesAreDrawnOfTheScenariosNamed() throws Exception {
        Path page = Files.writeString(directory.resolve("storms.md"), PAGE);
        Path run = Files.writeString(directory.resolve("run.json"), StormJson.of(SampleStorm.storm()));

        StormPage.main(new String[] {page.toString(), directory.toString(), "overload", run.toString()});

        assertThat(Files.readString(page)).contains("### outage", "### overload");
        assertThat(Files.readString(directory.resolve("storm-overload.svg")))
                .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"")
                .contains("Holdfast", "oracle", "prefers-color-scheme:dark")
                .doesNotContain("href", "url(");
        assertThat(directory.resolve("storm-outage.svg")).doesNotExist();
    }
}
