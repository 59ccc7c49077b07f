// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The rooms of the house and what each may import. A package pattern ends in {@code ..} where everything below belongs
 * to it.
 */
final class Rooms {
    /** The engine from the inside, lowest first; each line names what it may import of the others. */
    static final Map<String, List<String>> CORE = Map.of(
            "time", List.of(),
            "failure", List.of(),
            "retry", List.of("time", "failure"),
            "circuit", List.of("time", "failure"),
            "limit", List.of("time", "failure"),
            "target", List.of("time", "failure", "retry", "circuit", "limit"),
            "event", List.of("time", "failure", "retry", "circuit", "limit", "target"),
            "jfr", List.of("failure", "circuit", "target", "event"));

    /** The rooms that stand beside the engine, and the rooms that each may import. Simulator: none, on purpose. */
    static final Map<String, List<String>> OTHERS = Map.of(
            "llm", List.of("core"),
            "simulator", List.of(),
            "graph", List.of("llm", "core"),
            "netty", List.of("llm", "core"),
            "gateway", List.of("netty", "llm", "core"),
            "storm", List.of("simulator", "llm", "core"),
            "cli", List.of("storm", "gateway", "graph", "simulator", "netty", "llm", "core"));

    /** All main classes on the class path, ours only. */
    static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(notTests()).importPackages("dev.holdfast");

    private Rooms() {}

    /** The packages of a room, the engine's root package included. */
    static String[] packagesOf(String room) {
        if (!room.equals("core")) {
            return new String[] {"dev.holdfast." + room + ".."};
        }
        return Stream.concat(
                        Stream.of("dev.holdfast", "dev.holdfast.internal.."),
                        CORE.keySet().stream().map(part -> "dev.holdfast." + part + ".."))
                .toArray(String[]::new);
    }

    static String[] packagesOf(List<String> rooms) {
        return rooms.stream().flatMap(room -> Arrays.stream(packagesOf(room))).toArray(String[]::new);
    }

    private static ImportOption notTests() {
        return location -> !location.contains("test-classes") && !location.contains("-tests.jar");
    }
}
