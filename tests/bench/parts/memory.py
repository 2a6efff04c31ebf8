"""What the service keeps resident: idle, under the load of a large centre, and with a million records."""
import sqlite3
import time

import metrics_page
from bench import MILLION, Failed, Row, at_most, correct
from programs import count_messages, end


def megabytes(service, name="VmRSS"):
    return service.memory()[name] / MILLION


def wait_until(service, condition, patience):
    deadline = time.monotonic() + patience
    while not condition(service.metrics()):
        if time.monotonic() > deadline or not service.running():
            raise Failed(f"the service does not come so far; see {service.config.with_suffix('.log')}")
        time.sleep(0.1)


def idle(bench):
    """Without an event, a Kafka source connected."""
    service = bench.service("idle", bench.kafka(bench.topic("idle", 8)))
    wait_until(service, lambda values: "floorwatch_last_commit_timestamp_seconds" in values, 30)
    time.sleep(3)
    resident = megabytes(service)
    service.end()
    return resident


def loaded(bench):
    """(peak, last, events a second, faults) of 200 queues and 5,000 agents at 20,000 events a second."""
    topic, sizes = bench.topic("centre", 8), bench.sizes
    service = bench.service("centre", bench.kafka(topic) + "memory: {records: 64MiB}\n")
    wait_until(service, lambda values: "floorwatch_last_commit_timestamp_seconds" in values, 30)
    begin = time.monotonic()
    generator = bench.generator("--clients", 10, "--queues", 200, "--agents", 5000, "--rate", "20000/s", "--speed", 1,
                                "--kafka", bench.broker.address, "--topic", topic)
    while time.monotonic() < begin + sizes.memory_seconds and service.running():
        service.page()  # as Prometheus would
        time.sleep(2)
    end(generator)
    seconds = time.monotonic() - begin
    produced = count_messages(bench.tools / "bare_consumer", bench.broker, topic)
    received = metrics_page.balance(service.read_to(produced))[0]
    faults = [] if received == produced else [f"{produced} events were produced, {received} received"]
    result = megabytes(service, "VmHWM"), megabytes(service), produced / seconds
    service.end()
    verified = service.verify(bench.work / "centre.db", bench.work)
    if verified.returncode != 0:
        faults.append(f"verify: {verified.stdout}{verified.stderr}")
    return *result, faults


def holding(bench, log):
    """(resident, anonymous, peak, faults) with every contact of the log in memory."""
    service = bench.service("holding", bench.file(log.path) + "memory: {records: 4GiB}\n")
    values = service.read_to(log.events, 300)
    wait_until(service, lambda values: metrics_page.total(values, "floorwatch_consumer_lag_events") == 0, 60)
    time.sleep(2)
    received = metrics_page.balance(values)[0]
    faults = [] if received == log.events else [f"{received} of {log.events} events were received"]
    result = megabytes(service), megabytes(service, "RssAnon"), megabytes(service, "VmHWM")
    service.end()
    with sqlite3.connect(f"file:{bench.work}/holding.db?mode=ro", uri=True) as store:
        if left := store.execute("SELECT count(*) FROM archive").fetchone()[0]:
            faults.append(f"{left} pages of contacts had left memory")
    return *result, faults


def measure(bench):
    bench.say("memory: idle")
    rest = idle(bench)
    bench.say("memory: 20,000 events/s")
    peak, last, rate, faults = loaded(bench)
    bench.say("memory: all contacts of a log held")
    log = bench.week()
    resident, anonymous, highest, held_faults = holding(bench, log)
    bench.keep("memory", idle_mb=rest, loaded_peak_mb=peak, loaded_last_mb=last, loaded_events_per_s=rate,
               held_mb=resident, held_anonymous_mb=anonymous, held_peak_mb=highest, held_visits=bench.sizes.visits)
    return [
        at_most("resident, idle", rest, 40, "MB", 0),
        Row("load of 200 queues and 5,000 agents", ">= 19,000 events/s", f"{rate:,.0f} events/s", rate >= 19_000),
        at_most("resident at that load, records in 64 MiB, peak", peak, 140, "MB", 0),
        at_most(f"resident, {bench.sizes.visits:,} contacts held", resident, 400, "MB", 0),
        Row("the same, anonymous; peak", "", f"{anonymous:.0f} MB; {highest:.0f} MB"),
        correct("figures at that load and of the contacts held", faults + held_faults),
    ]
