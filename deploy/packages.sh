#!/usr/bin/env bash
# Installs the Debian 12 packages that floorwatch needs, and only those that are missing.
#
#   deploy/packages.sh build          what compiles the program
#   deploy/packages.sh run            what a program that is built elsewhere needs
#   deploy/packages.sh demo           build, and what deploy/demo.sh uses
#   deploy/packages.sh monitoring     Prometheus and Alertmanager, for deploy/demo.sh --with-prometheus
#   deploy/packages.sh kafka          what fetches and runs a local Kafka broker
#   deploy/packages.sh tests          all of it, and what tests/run.sh uses
#   deploy/packages.sh clang          tests, and what tests/run.sh --tidy and --fuzz use
#   deploy/packages.sh --list GROUP   prints the group's packages, installs nothing
#
# Runs as root or through sudo, asks nothing, and starts no system service. Exit 0 done, 2 wrong arguments, 3 apt failed.
set -euo pipefail

build=(
  g++ cmake ninja-build pkg-config
  libboost1.81-dev libexpected-dev libhowardhinnant-date-dev tzdata libfmt-dev libspdlog-dev libcli11-dev
  librdkafka-dev libsimdjson-dev libyaml-cpp-dev libsqlite3-dev prometheus-cpp-dev
  libssl-dev zlib1g-dev libzstd-dev libjemalloc-dev
)
run=(
  libdate-tz3 tzdata libfmt9 libspdlog1.10 librdkafka1 libsimdjson14 libyaml-cpp0.7 libsqlite3-0 libprometheus-cpp-core1.0
  libssl3 zlib1g libzstd1 libjemalloc2 ca-certificates
)
demo=("${build[@]}" ca-certificates curl procps)
kafka=(openjdk-17-jre-headless maven ca-certificates procps)
# They bring promtool and amtool.
monitoring=(prometheus prometheus-alertmanager)
# ccache and mold are used where they are found; docker-compose reads deploy/compose.yaml, and starts nothing.
tests=("${demo[@]}" "${kafka[@]}" "${monitoring[@]}" libgtest-dev libbenchmark-dev ccache mold git python3 sqlite3 shellcheck
  valgrind docker-compose)

# libclang-rt has libFuzzer and the sanitizers.
clang=("${tests[@]}" clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev)

usage() { sed -n '2,13s/^# \{0,1\}//p' "$0"; }

is_installed() { [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]; }

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "packages.sh: needs root (or sudo) to install: ${missing[*]}" >&2
    exit 3
  fi
}

# A package that carries a service would start it. Debian's hook for saying no is /usr/sbin/policy-rc.d.
guard=/usr/sbin/policy-rc.d
guarded=false
forbid_services() {
  [[ -e $guard ]] && return
  as_root sh -c "printf '#!/bin/sh\nexit 101\n' > $guard && chmod 755 $guard"
  guarded=true
}
allow_services() {
  if $guarded; then as_root rm -f "$guard"; fi
}

# C.UTF-8 is on every Debian; the caller's locale may not be, of which every package would complain.
install_packages() {
  as_root env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null &&
    as_root env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" </dev/null >&2
}

if [[ ${1:-} == --list ]]; then
  list_only=true
  shift
else
  list_only=false
fi
case "${1:-}" in
  build) wanted=("${build[@]}") ;;
  run) wanted=("${run[@]}") ;;
  demo) wanted=("${demo[@]}") ;;
  monitoring) wanted=("${monitoring[@]}") ;;
  kafka) wanted=("${kafka[@]}") ;;
  tests) wanted=("${tests[@]}") ;;
  clang) wanted=("${clang[@]}") ;;
  -h | --help) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac
if $list_only; then
  printf '%s\n' "${wanted[@]}" | sort -u
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo "packages.sh: needs Debian 12 (no apt-get here); the list is: deploy/packages.sh --list $1" >&2
  exit 3
fi
missing=()
for package in "${wanted[@]}"; do
  is_installed "$package" || missing+=("$package")
done
((${#missing[@]} == 0)) && exit 0

echo "packages.sh: installing ${missing[*]}" >&2
trap allow_services EXIT
forbid_services
if ! install_packages "${missing[@]}" && ! install_packages "${missing[@]}"; then
  echo "packages.sh: apt-get failed twice; is the network up and is this Debian 12?" >&2
  exit 3
fi
# The guard holds back the start now; this holds back the one at the next boot.
for service in "${monitoring[@]}"; do
  if [[ " ${missing[*]} " == *" $service "* && -d /run/systemd/system ]]; then
    as_root systemctl disable --quiet "$service" || true
  fi
done
