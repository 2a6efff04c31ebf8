"""How soon the service is there: from the process's start to the first event on /metrics, and to all that it knew."""
import statistics
import time

import metrics_page
from bench import Failed, at_most, correct, fresh, noted

PATIENCE = 60  # s


def seconds_until(service, begin, received):
    """Until /metrics shows at least so many events as received."""
    while time.monotonic() < begin + PATIENCE and service.running():
        if metrics_page.balance(service.metrics())[0] >= received:
            return time.monotonic() - begin
        time.sleep(0.002)
    raise Failed(f"the service does not show {received} events; see {service.config.with_suffix('.log')}")


def first_event(bench, config):
    """The least of some starts with a fresh store: other work on the machine can only add to it."""
    times = []
    for _ in range(bench.sizes.starts):
        begin = time.monotonic()
        service = bench.service("start", config)
        times.append(seconds_until(service, begin, 1))
        service.end()
    return times


def restart(bench, log):
    """Starts on a store with all of the log's records, which were read to their end before."""
    config = bench.file(log.path) + "memory: {records: 4GiB}\n"
    store = bench.work / "restart.db"
    bench.run("replay", "--quiet", "--config", bench.config("restart-first", config), "--store", fresh(store))
    before, times = bench.digest(f"sqlite:{store}"), []
    for _ in range(bench.sizes.starts):
        begin = time.monotonic()
        service = bench.service("restart", config, store)
        times.append(seconds_until(service, begin, log.events))
        service.end()
    same = bench.digest(f"sqlite:{store}") == before
    return times, [] if same else ["the digest after the restarts is another"]


def killed(bench, log):
    """Kills the service again and again while it reads the last part of a log that is being produced; the seconds until
    each next process has everything again that was there before the first kill."""
    topic = bench.topic("killed", bench.sizes.partitions)
    config = bench.kafka(topic) + "memory: {records: 4GiB}\n"
    bench.service("killed", config).end()  # makes the store afresh
    store, times, held = bench.work / "killed.db", [], log.events * 6 // 10
    load = bench.generator(*log.words, "--rate", f"{bench.sizes.kill_rate}/s", "--quiet", "--kafka",
                           bench.broker.address, "--topic", topic)
    service = bench.service("killed", config, store)
    received = metrics_page.balance(service.read_to(held, 600))[0]
    for _ in range(bench.sizes.kills):
        received = metrics_page.balance(service.read_to(min(received + 20_000, log.events)))[0]
        if not service.running():
            raise Failed(f"the service ended by itself; see {service.config.with_suffix('.log')}")
        service.kill()
        begin = time.monotonic()
        service = bench.service("killed", config, store)
        times.append(seconds_until(service, begin, held))
    load.wait()
    received = metrics_page.balance(service.read_to(log.events, 300))[0]
    service.end()
    faults = [] if received == log.events else [f"{log.events} events were produced, {received} received"]
    verified = service.verify(store, bench.work)
    if verified.returncode != 0:
        faults.append(f"verify: {verified.stdout}{verified.stderr}")
    return times, faults


def measure(bench):
    bench.say("starts")
    small = bench.log(1000)
    from_file = first_event(bench, bench.file(small.path))
    from_kafka = first_event(bench, bench.kafka(bench.topic("start", 8, small)))
    bench.say("restarts")
    times, faults = restart(bench, bench.week())
    bench.say("restarts after kill -9")
    killed_times, killed_faults = killed(bench, bench.week())
    bench.keep("start", file_s=from_file, kafka_s=from_kafka, restart_s=times, restart_visits=bench.sizes.visits,
               killed_s=sorted(killed_times))
    return [
        at_most("start to first event, from Kafka", min(from_kafka), 0.3, "s"),
        at_most("start to first event, from a file", min(from_file), 0.3, "s"),
        at_most(f"restart with {bench.sizes.visits:,} contacts", min(times), 1.0, "s"),
        at_most(f"the same after kill -9 under load, slowest of {len(killed_times)}", max(killed_times), 2.0, "s"),
        noted("median restart after kill -9", f"{statistics.median(killed_times):.2f} s"),
        correct("state after restarts", faults + killed_faults),
    ]
