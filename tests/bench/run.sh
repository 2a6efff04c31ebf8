#!/usr/bin/env bash
# Measures the budgets of docs/performance.md: against a real Kafka broker, beside a bare librdkafka consumer that only
# counts, every result compared with the generator's truth or the log. Prints a table and writes JSON.
#
#   tests/bench/run.sh [--only PART,...] [--short] [--visits N] [--rounds N] [--build DIR] [--json FILE] [--work DIR]
#
#   --only PART,...  of catchup, live, memory, scrape, start, queue, scaling (default: all, some 15 minutes)
#   --short          small sizes: shows that it works, and nothing of the budgets
#   --visits N       of the log that is read as a whole, 12 events each (default 1000000)
#   --rounds N       of catchup, queue and scaling, whose runs take turns (default 3)
#   --build DIR      a build folder with the program and tests/bench (default: build/bench, built by this script)
#   --json FILE      where the figures go (default: bench.json in the build folder)
#   --work DIR       leaves logs, stores and the broker's data there (default: a folder that is removed)
#
# Needs what deploy/packages.sh lists, Java and Maven included; some 10 GB of disk in $TMPDIR.
# Exit 0: all figures are right and all budgets hold (--short: are not looked at). 1: wrong figures. 2: wrong arguments.
# 3: something does not start. 4: right figures, but a budget does not hold.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

build=""
words=()
while (($# > 0)); do
  case "$1" in
    -h | --help) sed -n '2,19s/^# \{0,1\}//p' "$0" && exit 0 ;;
    --build) build=${2:?--build needs a folder} && shift 2 ;;
    *) words+=("$1") && shift ;;
  esac
done

if [[ -z $build ]]; then
  build=$root/build/bench
  cmake -G Ninja -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
  cmake --build "$build" --target floorwatch bare_consumer make_topic probe >/dev/null
fi
exec python3 "$here/budgets.py" --build "$build" "${words[@]}"
