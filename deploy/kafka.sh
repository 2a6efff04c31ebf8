#!/usr/bin/env bash
# A one-node Kafka broker on the loopback, for trying things out: no encryption, no password, topics made on first use.
#
#   deploy/kafka.sh start DIR PORT    starts it, keeps everything in DIR, returns when it answers (PORT + 1 is its controller)
#   deploy/kafka.sh stop DIR          ends it, by the process id in DIR/broker.pid
#
# Needs Java 17 and Maven (deploy/packages.sh kafka). Exit 0 done, 2 wrong arguments, 3 the broker does not start.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
libraries=${FLOORWATCH_KAFKA_LIBS:-$here/../build/kafka}

usage() { sed -n '2,7s/^# \{0,1\}//p' "$0"; }
say() { echo "kafka.sh: $*" >&2; }

write_properties() {
  cat >"$directory/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=BROKER://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
advertised.listeners=BROKER://127.0.0.1:$port
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=BROKER
log.dirs=$directory/data
num.partitions=8
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
log.message.timestamp.type=LogAppendTime
log.retention.ms=-1
PROPERTIES
}

java_options=(-XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn
  -Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info -cp "$libraries/*")

# A process id can be given to someone else after a crash, so the name is asked for as well.
is_running() {
  [[ -s $directory/broker.pid ]] && grep -qs kafka.Kafka "/proc/$(<"$directory/broker.pid")/cmdline"
}
# The port is open some seconds before the broker can answer.
is_ready() { grep -qs 'Kafka Server started' "$directory/broker.log"; }
is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

lay_out() {
  local cluster
  [[ -e $directory/data/meta.properties ]] && return
  cluster=$(java -Xmx128m "${java_options[@]}" kafka.tools.StorageTool random-uuid 2>/dev/null) &&
    java -Xmx128m "${java_options[@]}" kafka.tools.StorageTool format -t "$cluster" -c "$directory/server.properties" \
      >"$directory/broker.log" 2>&1
}

start() {
  if is_running; then
    say "already running as process $(<"$directory/broker.pid")"
    exit 3
  fi
  if is_open; then
    say "port $port is taken"
    exit 3
  fi
  "$here/../tests/support/kafka/fetch.sh" "$libraries" || exit 3
  write_properties
  if ! lay_out; then
    say "cannot lay out $directory/data; see $directory/broker.log"
    exit 3
  fi
  : >"$directory/broker.log"
  # In a session of its own, so that Ctrl-C in the terminal reaches the readers of the broker first.
  setsid java -Xmx512m "${java_options[@]}" kafka.Kafka "$directory/server.properties" \
    </dev/null >>"$directory/broker.log" 2>&1 &
  echo $! >"$directory/broker.pid"
  for ((tenth = 0; tenth < 600; tenth++)); do
    if is_ready; then return; fi
    if ((tenth > 20)) && ! is_running; then break; fi
    sleep 0.1
  done
  say "no broker on 127.0.0.1:$port; the end of $directory/broker.log:"
  tail -n 10 "$directory/broker.log" >&2
  stop
  exit 3
}

stop() {
  is_running || return 0
  local pid
  pid=$(<"$directory/broker.pid")
  kill "$pid"
  for ((tenth = 0; tenth < 200; tenth++)); do
    if ! is_running; then break; fi
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$directory/broker.pid"
}

case "${1:-}" in
  start)
    if (($# != 3)) || [[ ! $3 =~ ^[0-9]+$ ]]; then usage >&2 && exit 2; fi
    mkdir -p "$2"
    directory=$(cd "$2" && pwd) port=$3
    start
    ;;
  stop)
    if (($# != 2)); then usage >&2 && exit 2; fi
    directory=$2
    stop
    ;;
  -h | --help) usage ;;
  *) usage >&2 && exit 2 ;;
esac
