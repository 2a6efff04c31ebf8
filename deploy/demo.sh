#!/usr/bin/env bash
# A call centre on your screen: builds floorwatch, lets a simulated centre write events, and shows its queues live.
#
#   deploy/demo.sh [options]        Ctrl-C ends it and everything it started
#
#   --kafka            the events take the road through a local Kafka broker instead of a growing file
#   --with-prometheus  Prometheus with floorwatch's rules, and Alertmanager, beside it
#   --rate N           events a second (default 30)
#   --port N           port of /metrics and figures (default 9464 or the next free one)
#   --seconds N        ends by itself after N seconds
#   --dir DIR          where it writes (default .floorwatch-demo); what it wrote there before is removed
#   --binary FILE      shows this floorwatch: installs nothing and builds nothing
#
# Store, events and logs stay in that folder until the next run.
# Exit 0 done, 2 wrong arguments, 3 something could not be installed, built or started.
set -euo pipefail
caller=$PWD
cd "$(dirname "$0")/.."

usage() { sed -n '2,15s/^# \{0,1\}//p' deploy/demo.sh; }
say() { echo "demo: $*" >&2; }
fail() {
  say "$*"
  exit 3
}
wrong() {
  say "$1"
  usage >&2
  exit 2
}
is_number() { [[ $1 =~ ^[1-9][0-9]*$ ]]; }

through_kafka=false
with_prometheus=false
rate=30
port=
seconds=
binary=
builds=true
home=.floorwatch-demo
while (($# > 0)); do
  case "$1" in
    --kafka) through_kafka=true ;;
    --with-prometheus) with_prometheus=true ;;
    --rate) rate=${2:-} && is_number "$rate" || wrong "--rate needs a number" && shift ;;
    --port) port=${2:-} && is_number "$port" || wrong "--port needs a number" && shift ;;
    --seconds) seconds=${2:-} && is_number "$seconds" || wrong "--seconds needs a number" && shift ;;
    --binary) binary=$(cd "$caller" && realpath -q -- "${2:-}") && [[ -x $binary ]] || wrong "--binary needs a program" && builds=false && shift ;;
    --dir) [[ -n ${2:-} ]] && home=$(cd "$caller" && realpath -m -- "$2") || wrong "--dir needs a folder" && shift ;;
    -h | --help) usage && exit 0 ;;
    *) wrong "unknown argument $1" ;;
  esac
  shift
done

topic=contact-events
service='' centre='' screen='' broker='' prometheus='' alertmanager='' alerts=''
watched=()   # What has been started: names of these variables, and of the logs.

is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
is_alive() { [[ -n $1 ]] && kill -0 "$1" 2>/dev/null; }

free_port() {
  local candidate
  for ((candidate = $1; candidate < $1 + 100; candidate++)); do
    if ! is_open "$candidate" && ! is_open $((candidate + 1)); then
      echo "$candidate"
      return
    fi
  done
  fail "no free port from $1 to $((candidate - 1))"
}

# Ends one child in order; after ten seconds without mercy.
end() {
  is_alive "$1" || return 0
  kill -TERM "$1" 2>/dev/null || true
  for ((tenth = 0; tenth < 100; tenth++)); do
    is_alive "$1" || break
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

# In the order of the flow, so that nobody complains about a neighbour who went first.
finish() {
  local status=$?
  trap '' INT TERM
  end "$screen"
  end "$centre"
  end "$service"
  end "$prometheus"
  end "$alertmanager"
  if [[ -n $broker ]]; then deploy/kafka.sh stop "$broker" || true; fi
  if ((status == 0)); then
    say "ended; the store stays: $binary figures --store sqlite:$home/floorwatch.db --by queue"
  fi
  exit "$status"
}

# Prints the end of a log where one of the programs ended by itself.
watch_over() {
  local name
  for name in "${watched[@]}"; do
    is_alive "${!name}" || show_end "$name"
  done
}
show_end() {
  end "$screen"
  say "the $1 ended; the end of $home/$1.log:"
  tail -n 10 "$home/$1.log" >&2
  exit 3
}

build() {
  $builds || return 0
  deploy/packages.sh demo || exit 3
  say "building; the first time takes some minutes"
  cmake -G Ninja -S . -B build/demo -DCMAKE_BUILD_TYPE=RelWithDebInfo -DFLOORWATCH_TESTS=OFF >"$home/build.log" 2>&1 ||
    fail "cmake failed, see $home/build.log"
  cmake --build build/demo --target floorwatch >&2 || fail "the build failed"
  binary=build/demo/floorwatch
}

# One demo at a time in this folder; what the last one left is removed.
empty_home() {
  mkdir -p "$home"
  exec 9>"$home/lock"
  flock -n 9 || fail "another demo is running in $home"
  rm -rf "$home"/{floorwatch.yaml,events.ndjson,floorwatch.db,floorwatch.db-wal,floorwatch.db-shm,{service,centre,prometheus,alertmanager}.log,kafka,prometheus{,.yml},alertmanager,rules.yml}
}

start_broker() {
  if $builds; then deploy/packages.sh kafka || exit 3; fi
  broker_port=$(free_port 19092)
  say "starting Kafka on 127.0.0.1:$broker_port"
  broker=$home/kafka
  deploy/kafka.sh start "$broker" "$broker_port" 9>&- || exit 3
}

write_configuration() {
  local source
  if $through_kafka; then
    source="kafka: {brokers: \"127.0.0.1:$broker_port\", topics: [$topic], group: floorwatch-demo}"
  else
    source="file: {path: \"$home/events.ndjson\", follow: true}"
    : >"$home/events.ndjson"
  fi
  cat >"$home/floorwatch.yaml" <<YAML
sources:
  - name: demo
    $source
    format: canonical
store: {url: "sqlite:$home/floorwatch.db"}
http: {listen: "127.0.0.1:$port"}
YAML
  if [[ -n $alerts ]]; then echo "alerting: {alertmanager: [\"http://127.0.0.1:$alerts\"]}" >>"$home/floorwatch.yaml"; fi
  # With the contracts of two of the centre's clients.
  sed -n '/^clients:/,$p' deploy/floorwatch.yaml >>"$home/floorwatch.yaml"
}

# Few agents with short conversations: a real floor would take a quarter of an hour to fill.
staff() {
  local agents=$((rate * 8))
  ((agents < 40)) && agents=40
  echo $((agents > 90000 ? 90000 : agents))
}

# Sessions of their own: Ctrl-C reaches this script, which then ends them in order.
start_centre() {
  local target=(--output "$home/events.ndjson")
  if $through_kafka; then target=(--kafka "127.0.0.1:$broker_port" --topic "$topic"); fi
  setsid "$binary" generate --seed 1 --speed 1 --rate "$rate/s" --agents "$(staff)" "${target[@]}" \
    </dev/null >"$home/centre.log" 2>&1 9>&- &
  centre=$!
  watched+=(centre)
}
start_service() {
  setsid "$binary" run --config "$home/floorwatch.yaml" </dev/null >"$home/service.log" 2>&1 9>&- &
  service=$!
  watched+=(service)
  await "$port" service
}

# Until the program listens.
await() {
  for ((tenth = 0; tenth < 300; tenth++)); do
    if is_open "$1"; then return; fi
    watch_over
    sleep 0.1
  done
  fail "nothing listens on 127.0.0.1:$1 after 30 s, see $home/$2.log"
}

# Before the service, which is told where it is.
start_alertmanager() {
  if $builds; then deploy/packages.sh monitoring || exit 3; fi
  type -P prometheus prometheus-alertmanager >/dev/null || fail "Prometheus and Alertmanager are missing: deploy/packages.sh monitoring"
  alerts=$(free_port 9093)
  setsid prometheus-alertmanager --config.file=deploy/alertmanager/alertmanager.yml --storage.path="$home/alertmanager" \
    --web.listen-address="127.0.0.1:$alerts" --cluster.listen-address= </dev/null >"$home/alertmanager.log" 2>&1 9>&- &
  alertmanager=$!
  watched+=(alertmanager)
  await "$alerts" alertmanager
}

# deploy/prometheus/prometheus.yml, but for the ports.
start_prometheus() {
  local own
  "$binary" rules --health --config "$home/floorwatch.yaml" >"$home/rules.yml" || fail "floorwatch rules failed"
  cat >"$home/prometheus.yml" <<YAML
global: {evaluation_interval: 5s}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:$alerts"]}]}]}
scrape_configs:
  - job_name: floorwatch
    scrape_interval: 5s
    scrape_timeout: 4s
    static_configs: [{targets: ["127.0.0.1:$port"]}]
YAML
  own=$(free_port 9090)
  setsid prometheus --config.file="$home/prometheus.yml" --storage.tsdb.path="$home/prometheus" \
    --web.listen-address="127.0.0.1:$own" </dev/null >"$home/prometheus.log" 2>&1 9>&- &
  prometheus=$!
  watched+=(prometheus)
  await "$own" prometheus
  say "Prometheus: http://127.0.0.1:$own   Alertmanager: http://127.0.0.1:$alerts"
}

show() {
  local url=http://127.0.0.1:$port until=$((SECONDS + ${seconds:-0}))
  say "metrics: $url/metrics   figures: $url/api/v1/figures?by=queue&every=30m   logs: $home/*.log"
  "$binary" top --url "$url" </dev/null 9>&- &
  screen=$!
  while is_alive "$screen"; do
    watch_over
    if [[ -n $seconds ]] && ((SECONDS >= until)); then return; fi
    sleep 0.2
  done
}

empty_home
trap finish EXIT
trap 'exit 0' INT TERM HUP
build
if [[ -n $port ]] && is_open "$port"; then fail "port $port is taken"; fi
if $through_kafka; then start_broker; fi
if $with_prometheus; then start_alertmanager; fi
: "${port:=$(free_port 9464)}" # Now: another program may take what was free before a broker was up.
write_configuration
start_centre
start_service
if $with_prometheus; then start_prometheus; fi
show
