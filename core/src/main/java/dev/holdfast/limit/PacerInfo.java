// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import java.time.Duration;

/**
 * What a pacer looked like at one moment.
 *
 * @param requestsPerMinute the rate that is kept to, configured or learned; 0 where none is known
 * @param tokensPerMinute as above, for tokens
 * @param nextIn how long a request without tokens would wait that asked now
 * @param waiting reservations whose start has not come
 */
public record PacerInfo(double requestsPerMinute, double tokensPerMinute, Duration nextIn, int waiting) {}
