// SPDX-License-Identifier: Apache-2.0
/** What people and programs see of a storm: a page with charts, tables for a terminal, JSON, and the pages of the guide. */
@NullMarked
package dev.holdfast.storm.report;

import org.jspecify.annotations.NullMarked;
