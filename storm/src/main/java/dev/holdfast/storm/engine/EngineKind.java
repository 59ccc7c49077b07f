// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import java.util.function.Function;

/**
 * An engine that can be run.
 *
 * @param name as typed
 * @param label for people
 * @param version of what it stands for
 * @param maker makes one for one storm
 */
public record EngineKind(String name, String label, String version, Function<Surroundings, Engine> maker) {}
