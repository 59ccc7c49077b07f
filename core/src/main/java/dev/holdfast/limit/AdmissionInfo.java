// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

/**
 * What an admission looked like at one moment.
 *
 * @param inFlight slots taken
 * @param limit slots that there are, {@link Admission#NO_LIMIT} where nothing limits them
 * @param queued calls that wait
 */
public record AdmissionInfo(int inFlight, int limit, int queued) {}
