// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

/**
 * The wait for a slot. Immutable.
 *
 * @param queueCapacity calls that may wait for one target; 0 means that nobody waits, default 10,000
 */
public record AdmissionConfig(int queueCapacity) {
    public AdmissionConfig {
        if (queueCapacity < 0) {
            throw new IllegalArgumentException("queueCapacity must not be negative: " + queueCapacity);
        }
    }

    public static AdmissionConfig defaults() {
        return new AdmissionConfig(10_000);
    }

    public AdmissionConfig withQueueCapacity(int newCapacity) {
        return new AdmissionConfig(newCapacity);
    }
}
