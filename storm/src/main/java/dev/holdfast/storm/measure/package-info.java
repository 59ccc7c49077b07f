// SPDX-License-Identifier: Apache-2.0
/** What is written down while a storm runs, and the figures made of it. */
@NullMarked
package dev.holdfast.storm.measure;

import org.jspecify.annotations.NullMarked;
