// SPDX-License-Identifier: Apache-2.0
/** The gateway beside nginx, a bare proxy on the same stack, and Portkey: same machine, same upstream, one run. */
@NullMarked
package dev.holdfast.bench.gateway;

import org.jspecify.annotations.NullMarked;
