#!/usr/bin/env bash
# The end-to-end benchmark: from a log file and from a real Kafka broker to figures in a SQLite store, beside a bare
# librdkafka consumer that only counts. Runs take turns, every result is compared with the generator's truth.
#
#   tests/bench/run.sh [--events N] [--runs N] [--build DIR] [--json FILE] [--keep DIR]
#
#   --events N    about so many events (default 5000000; one visit gives some 12)
#   --runs N      rounds of file, Kafka, bare consumer (default 3)
#   --build DIR   a build folder with the program and tests/bench (default: build/bench, built by this script)
#   --json FILE   where the figures go (default: DIR of --build/bench.json)
#   --keep DIR    works in DIR and leaves the log, stores and broker's data there (default: a folder that is removed)
#
# Needs what deploy/packages.sh lists, Java and Maven included; some 3 GB of disk for 5 million events.
# Exit 0: all figures as in the truth. 1: some are not. 2: wrong arguments. 3: something does not start.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
events=5000000 runs=3 build="" json="" work="" port=${FLOORWATCH_BENCH_PORT:-29392}
partitions=32 topic=bench-events

usage() { sed -n '2,14s/^# \{0,1\}//p' "$0"; }
say() { echo "bench: $*" >&2; }

while (($# > 0)); do
  case "$1" in
    -h | --help) usage && exit 0 ;;
    --events | --runs | --build | --json | --keep)
      if (($# < 2)); then usage >&2 && exit 2; fi
      declare -A names=([--events]=events [--runs]=runs [--build]=build [--json]=json [--keep]=work)
      printf -v "${names[$1]}" %s "$2"
      shift 2
      ;;
    *) usage >&2 && exit 2 ;;
  esac
done
if [[ ! $events =~ ^[1-9][0-9]*$ || ! $runs =~ ^[1-9][0-9]*$ ]]; then usage >&2 && exit 2; fi

if [[ -z $build ]]; then
  build=$root/build/bench
  cmake -G Ninja -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
  cmake --build "$build" --target floorwatch bare_consumer make_topic >/dev/null
fi
build=$(cd "$build" && pwd)
json=${json:-$build/bench.json}
kept=${work:+yes}
work=${work:-$(mktemp -d)}
mkdir -p "$work"
work=$(cd "$work" && pwd)
floorwatch=$build/floorwatch tools=$build/tests/bench
visits=$((events / 12 > 0 ? events / 12 : 1))

finish() {
  "$root/deploy/kafka.sh" stop "$work/broker" || true
  if [[ -z $kept ]]; then rm -rf "$work"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

say "$visits visits into $work"
"$floorwatch" generate --visits "$visits" --output "$work/log.ndjson" --truth "$work/truth.csv"
say "starting a broker on port $port"
"$root/deploy/kafka.sh" start "$work/broker" "$port" || exit 3
"$tools/make_topic" "127.0.0.1:$port" "$topic" "$partitions" || exit 3
"$floorwatch" generate --visits "$visits" --kafka "127.0.0.1:$port" --topic "$topic" || exit 3
cat >"$work/kafka.yaml" <<YAML
sources:
  - name: log
    kafka: {brokers: "127.0.0.1:$port", topics: [$topic], group: floorwatch-bench}
YAML

python3 "$here/measure.py" --floorwatch "$floorwatch" --bare-consumer "$tools/bare_consumer" --work "$work" \
  --brokers "127.0.0.1:$port" --topic "$topic" --partitions "$partitions" --runs "$runs" --json "$json"
