#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs the storms in both forms and writes the figures into docs/storms.md and the pictures beside it: three runs of each
# over real sockets, with --short one. `--smoke` only looks, within a minute, whether everything still runs; it writes
# elsewhere, and its numbers are not to be quoted. The machine should do nothing else meanwhile.
set -euo pipefail
cd "$(dirname "$0")/.."

real=(all --runs 3)
virtual=(all --virtual)
page=docs/storms.md
images=docs/images
out=bench/target/storm
for word in "$@"; do
  case $word in
    --short) real=(all) ;;
    --smoke)
      real=(steady --engine none --engine holdfast)
      virtual=(steady --virtual --clients 1000)
      images=$out
      ;;
    *)
      echo "usage: bench/storm.sh [--short | --smoke]" >&2
      exit 2
      ;;
  esac
done

mkdir -p "$out"
if [ "$images" = "$out" ]; then
  cp "$page" "$out/storms.md"
  page=$out/storms.md
fi
./holdfast storm "${real[@]}" --report "$out/storm.html" --json >"$out/real.json"
./holdfast storm "${virtual[@]}" --report "$out/storm-virtual.html" --json >"$out/virtual.json"
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp cli/target/holdfast.jar dev.holdfast.storm.report.StormPage \
  "$page" "$images" overload,failover "$out/real.json" "$out/virtual.json"
echo "written: $page; as pages with charts: $out/storm.html, $out/storm-virtual.html" >&2
