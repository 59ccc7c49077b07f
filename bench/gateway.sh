#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures the gateway beside nginx, a bare proxy on the same stack and Portkey, and writes docs/performance-gateway.md:
# about eight minutes, with --short five. `--smoke` only looks, within a minute or two, whether everything still runs; it
# writes elsewhere, and its numbers are not to be quoted. Needs nginx, wrk, node and npm.
set -euo pipefail
cd "$(dirname "$0")/.."

scale=()
page=docs/performance-gateway.md
for word in "$@"; do
  case $word in
    --smoke)
      scale=(--smoke)
      page=bench/target/performance-gateway-smoke.md
      ;;
    --short) scale=(--short) ;;
    *)
      echo "usage: bench/gateway.sh [--short | --smoke]" >&2
      exit 2
      ;;
  esac
done
for tool in nginx wrk node npm; do
  command -v "$tool" >/dev/null || {
    echo "bench/gateway.sh needs $tool; on Debian: apt-get install nginx wrk nodejs npm" >&2
    exit 2
  }
done

./holdfast version >&2
./mvnw --quiet --batch-mode --projects bench --also-make package -DskipTests
npm=$PWD/bench/target/npm
mkdir -p "$npm"
cp llm/src/test/npm/package.json llm/src/test/npm/package-lock.json "$npm"
(cd "$npm" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2
ulimit -n "$(ulimit -Hn)"
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp bench/target/bench.jar \
  dev.holdfast.bench.gateway.GatewayComparison "$PWD" "$npm" "$page" "${scale[@]}"
