// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.event;

/** A fact about a call or a target. Events of one call arrive in order; they hold no prompt, answer or credential. */
public sealed interface HoldfastEvent permits CallEvent, TargetEvent {}
