#!/usr/bin/env bash
# Builds floorwatch and runs its tests; the last line is the result.
#
#   tests/run.sh              everything but soak and bench, in the release build
#   tests/run.sh --quick      unit and property tests only; needs no broker and no Prometheus
#   tests/run.sh --label L    only the tests with label L: unit, property, integration, browser, fuzz, bench, soak
#   tests/run.sh --asan       with address and undefined-behaviour sanitizers
#   tests/run.sh --tsan       with the thread sanitizer
#   tests/run.sh --tidy       no tests: compiles all with clang and asks clang-tidy
#   tests/run.sh --fuzz S     no tests: S seconds of searching with each fuzz target
#   --jobs N                  as many compilers and tests at a time (default: the cores, as far as memory goes)
#   --no-install              takes the machine as it is: no apt-get, no fetching of Kafka
#
# In a clean clone on Debian 12 it installs what is missing (as root or with sudo). Nothing is read from standard input.
# Exit 0 all passed, 1 a test failed or the build did, 2 wrong arguments, 3 something could not be installed.
set -euo pipefail
exec </dev/null
cd "$(dirname "$0")/.."

usage() { sed -n '2,15s/^# \{0,1\}//p' tests/run.sh; }
wrong() {
  echo "tests/run.sh: $1" >&2
  usage >&2
  exit 2
}

preset=release
seconds=
label=
quick=false
install=true
jobs=
while (($# > 0)); do
  case "$1" in
    --quick) quick=true ;;
    --label) label=${2:-} && [[ -n $label ]] || wrong "--label needs a name" && shift ;;
    --asan) preset=asan ;;
    --tsan) preset=tsan ;;
    --tidy) preset=tidy ;;
    --fuzz) preset=fuzz seconds=${2:-} && [[ $seconds =~ ^[1-9][0-9]*$ ]] || wrong "--fuzz needs seconds from 1" && shift ;;
    --jobs) jobs=${2:-} && [[ $jobs =~ ^[1-9][0-9]*$ ]] || wrong "--jobs needs a number from 1" && shift ;;
    --no-install) install=false ;;
    -h | --help) usage && exit 0 ;;
    *) wrong "unknown argument $1" ;;
  esac
  shift
done

needs_clang() { [[ $preset =~ ^(tidy|fuzz)$ ]]; }
needs_kafka() { ! $quick && ! needs_clang && [[ -z $label || $label =~ ^(integration|browser|bench|soak)$ ]]; }

# A compiler of these sources takes up to 1.5 GB.
default_jobs() {
  local cores by_memory
  cores=$(nproc)
  by_memory=$(awk '/^MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)
  ((by_memory < 1)) && by_memory=1
  echo $((cores < by_memory ? cores : by_memory))
}

install_all() {
  local group=tests
  if needs_clang; then group=clang; fi
  deploy/packages.sh "$group" || exit 3
  if needs_kafka; then tests/support/kafka/fetch.sh >&2 || exit 3; fi
}

build() {
  cmake --preset "$preset" -DFLOORWATCH_TESTS=ON >&2
  local all=()
  if [[ $preset == tidy ]]; then all=(-- -k 0); fi  # Every finding, not only the first.
  cmake --build --preset "$preset" -j "$jobs" "${all[@]}" >&2
}

# What a target finds beyond its corpus stays in the build folder; an input that fails is kept beside it.
fuzz() {
  local target name found outcome=0
  for target in build/fuzz/tests/fuzz/*_fuzz; do
    name=$(basename "$target" _fuzz)
    found=build/fuzz/found/$name
    mkdir -p "$found"
    if "$target" -max_total_time="$seconds" -timeout=20 -artifact_prefix="$found-" "$found" "tests/fuzz/corpus/$name" \
      >"$found.log" 2>&1; then
      echo "$name: $(tail -n 1 "$found.log")"
    else
      echo "$name: failed, see $found.log"
      outcome=1
    fi
  done
  return $outcome
}

# The thread sanitizer needs the old layout of addresses, which kernels with more random bits do not give.
fixed_addresses() {
  if [[ $preset == tsan ]] && setarch "$(uname -m)" -R true 2>/dev/null; then
    setarch "$(uname -m)" -R "$@"
  else
    "$@"
  fi
}

run_tests() {
  local selection=(-LE '^(soak|bench)$')
  if [[ -n $label ]]; then
    selection=(-L "^$label\$")
  elif $quick; then
    selection=(-L '^(unit|property)$')
  fi
  # A finding ends the program at once: a test that kills its children would not see what they report at their end.
  export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_leaks=1 TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1"
  fixed_addresses ctest --test-dir "build/$preset" "${selection[@]}" -j "$jobs" --output-on-failure --no-tests=error \
    --output-junit junit.xml | tee "build/$preset/ctest.txt" || return 1
}

: "${jobs:=$(default_jobs)}"
if $install; then install_all; fi
build || exit 1
if [[ $preset == tidy ]]; then echo 'tidy: nothing found' && exit 0; fi
if [[ $preset == fuzz ]]; then fuzz && exit 0 || exit 1; fi
outcome=0
run_tests || outcome=1
printf '\n%s tests: %s\n' "$preset" "$(grep -E '^[0-9]+% tests passed' "build/$preset/ctest.txt" || echo 'ctest gave no result')"
exit $outcome
