// SPDX-License-Identifier: Apache-2.0
/** Storms in virtual time: very many clients and hours of trouble, the same again for the same seed. */
@NullMarked
package dev.holdfast.storm.virtual;

import org.jspecify.annotations.NullMarked;
