// SPDX-License-Identifier: Apache-2.0
/** The policies that meet the storms, one file each, set up as their own documentation recommends. */
@NullMarked
package dev.holdfast.storm.engine;

import org.jspecify.annotations.NullMarked;
