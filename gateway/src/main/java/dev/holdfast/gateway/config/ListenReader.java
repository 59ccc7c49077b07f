// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.gateway.config.GatewayConfig.Listen;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads where to listen; flags win over the file, the file over the environment. */
final class ListenReader {
    private static final String HOST_VARIABLE = "HOLDFAST_HOST";
    private static final String PORT_VARIABLE = "HOLDFAST_PORT";
    private static final String USUAL_HOST = "127.0.0.1";
    private static final int USUAL_PORT = 4000;
    private static final int LARGEST_PORT = 65_535;

    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]+)?");
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");

    private final Function<String, @Nullable String> environment;
    private final @Nullable String hostFlag;
    private final @Nullable Integer portFlag;

    ListenReader(
            Function<String, @Nullable String> environment, @Nullable String hostFlag, @Nullable Integer portFlag) {
        this.environment = environment;
        this.hostFlag = hostFlag;
        this.portFlag = portFlag;
    }

    /** @param keyless whether no client needs a key, so that only this machine may call */
    Listen read(Section section, boolean keyless, Problems problems) {
        String stated = section.text("host");
        int port = port(section, problems);
        Set<String> hosts = new LinkedHashSet<>();
        for (Section.Item item : section.words("hosts")) {
            String name = Section.text(item).toLowerCase(Locale.ROOT);
            if (!ADDRESS.matcher(name).matches()) {
                section.problem(item, "must be the name of a host, without scheme and port");
            }
            hosts.add(name);
        }
        section.end();
        String variable = environment.apply(HOST_VARIABLE);
        boolean fromVariable = variable != null && !variable.isBlank();
        String host = hostFlag != null
                ? hostFlag
                : stated != null ? stated : fromVariable && variable != null ? variable : USUAL_HOST;
        String bare = host.strip().replaceFirst("^\\[(.*)]$", "$1");
        String wrong = wrong(bare, keyless);
        if (wrong != null) {
            if (hostFlag != null) {
                problems.add(0, "--host", wrong);
            } else if (stated != null) {
                section.problem("host", wrong);
            } else {
                problems.add(0, HOST_VARIABLE, wrong);
            }
        }
        return new Listen(bare, port, hosts);
    }

    private static @Nullable String wrong(String host, boolean keyless) {
        if (!ADDRESS.matcher(host).matches()) {
            return "must be an address or the name of a host, without scheme and port";
        }
        if (keyless && !isLoopback(host)) {
            return "reaches beyond this machine, but no client needs a key, so anybody there could spend your credentials:"
                    + " add clients with keys, or listen on 127.0.0.1";
        }
        return null;
    }

    /** Whether only this machine can reach the address; names other than localhost are not looked up. */
    static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || LOOPBACK_V4.matcher(host).matches()
                || host.equals("::1")
                || host.equals("0:0:0:0:0:0:0:1");
    }

    private int port(Section section, Problems problems) {
        int stated = section.whole("port", -1, 0, LARGEST_PORT);
        if (portFlag != null) {
            if (portFlag < 0 || portFlag > LARGEST_PORT) {
                problems.add(0, "--port", "must be from 0 to " + LARGEST_PORT + ", not " + portFlag);
                return USUAL_PORT;
            }
            return portFlag;
        }
        if (stated >= 0) {
            return stated;
        }
        String variable = environment.apply(PORT_VARIABLE);
        if (section.isStated("port") || variable == null || variable.isBlank()) {
            return USUAL_PORT;
        }
        if (!variable.strip().matches("\\d{1,5}") || Integer.parseInt(variable.strip()) > LARGEST_PORT) {
            problems.add(0, PORT_VARIABLE, "must be a port from 0 to " + LARGEST_PORT);
            return USUAL_PORT;
        }
        return Integer.parseInt(variable.strip());
    }
}
