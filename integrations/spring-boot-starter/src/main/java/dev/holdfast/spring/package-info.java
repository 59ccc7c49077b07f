// SPDX-License-Identifier: Apache-2.0
/** Holdfast in Spring Boot and Spring AI: properties, decorated chat models, health, an actuator endpoint, metrics. */
@NullMarked
package dev.holdfast.spring;

import org.jspecify.annotations.NullMarked;
