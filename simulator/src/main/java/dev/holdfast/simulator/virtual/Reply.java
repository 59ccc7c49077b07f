// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.virtual;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client of a {@link VirtualServer} sees at the end of its request. Immutable.
 *
 * @param status of the answer; 0 where the connection broke before one
 * @param whole whether it is a whole answer; false for every error, and for an answer that breaks off
 * @param hint the wait that an error states; null for none
 */
public record Reply(int status, boolean whole, @Nullable Duration hint) {}
