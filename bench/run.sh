#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures everything on JDK 17 and 25 and writes docs/performance.md: about three quarters of an hour on an idle machine, with
# --short (three rounds too, shorter iterations) less than a quarter of one. `--smoke` only looks, within a minute and on one
# JDK, whether everything still runs; it writes elsewhere, and its numbers are not to be quoted.
#
#   JAVA_17_HOME, JAVA_25_HOME   where those JDKs are, when they are in no usual place
set -euo pipefail
cd "$(dirname "$0")/.."

scale=()
page=docs/performance.md
for word in "$@"; do
  case $word in
    --smoke)
      scale=(--smoke)
      page=bench/target/performance-smoke.md
      ;;
    --short) scale=(--short) ;;
    *)
      echo "usage: bench/run.sh [--short | --smoke]" >&2
      exit 2
      ;;
  esac
done

./mvnw --quiet --batch-mode --projects bench --also-make package -DskipTests
peers=$(sed -n 's/.*<\(resilience4j\|failsafe\)\.version>\(.*\)<.*/\1 \2/p' pom.xml bench/pom.xml | paste -sd, | sed 's/,/, /g')
commit=$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
git diff --quiet HEAD -- core llm bench 2>/dev/null || commit+=" with changes"
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "-Dholdfast.peers=$peers" "-Dholdfast.commit=$commit" \
  -jar bench/target/bench.jar "${scale[@]}" "$page"
