// SPDX-License-Identifier: Apache-2.0
/**
 * LangChain4j on Holdfast: resilient models over any delegates, and any LangChain4j model as a target. The HTTP client
 * that keeps headers, timeouts and the ends of streams is in {@link dev.holdfast.langchain4j.http}.
 */
@NullMarked
package dev.holdfast.langchain4j;

import org.jspecify.annotations.NullMarked;
