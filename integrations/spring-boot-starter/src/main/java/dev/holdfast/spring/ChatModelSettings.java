// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

/**
 * What all resilient chat models of an application share.
 *
 * @param running the attempts that HTTP clients may ask for
 * @param finishReasonRequired whether a stream without a finish reason is an error
 */
record ChatModelSettings(RunningAttempts running, boolean finishReasonRequired) {}
