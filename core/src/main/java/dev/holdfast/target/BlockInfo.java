// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target;

import dev.holdfast.failure.Failure;
import java.time.Duration;

/**
 * Why a credential is not used.
 *
 * @param failure what the provider said, without its cause
 * @param since how long ago the block began
 * @param until time until it ends or one live call is let through; zero when that call may go now
 */
public record BlockInfo(Failure failure, Duration since, Duration until) {}
