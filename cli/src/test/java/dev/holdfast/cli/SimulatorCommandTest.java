// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code holdfast simulator} refuses; that it serves is tested where the whole command runs as a process. */
@Timeout(120)
class SimulatorCommandTest {
    @TempDir
    Path temp;

    @Test
    void aPortInUseNamesTheWayOut() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ran ran = Ran.holdfast("simulator", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(ran.code()).as(ran.err()).isEqualTo(2);
            assertThat(ran.err())
                    .containsOnlyOnce("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("choose another --port");
        }
    }

    @Test
    void wrongOptionsAndFilesAreUsageErrors() throws Exception {
        Path bad = Files.writeString(temp.resolve("bad.yaml"), "capacty: 5\nrepeat: often\n");

        assertThat(Ran.holdfast("simulator", "--port", "70000").code()).isEqualTo(2);
        assertThat(Ran.holdfast("simulator", "--scenario", "absent.yaml").code())
                .isEqualTo(2);
        Ran ran = Ran.holdfast("simulator", "--scenario", bad.toString());
        assertThat(ran.code()).as(ran.err()).isEqualTo(2);
        assertThat(ran.errLines())
                .anyMatch(line -> line.startsWith(bad + ":1: capacty: "))
                .anyMatch(line -> line.startsWith(bad + ":2: repeat: "));
    }
}
