"""A floor at 50,000 events a second: what an event costs there, and how soon it is visible on /metrics and the API.

A probe is a visit that begins in a queue of its own. Its clock runs from before it is handed to the producer until the
answer of the first request that counts it has been read whole; requests follow each other without a pause, so what one
request takes is in it twice at most, as for any reader.
"""
import datetime
import http.client
import json
import re
import subprocess
import time

import metrics_page
from bench import MILLION, Failed, Row, at_most, correct, noted
from programs import count_messages, end

LEAST_RATE = 0.95  # of what is asked for: with less the figures do not count
PAUSES = "floorwatch_flow_pause_seconds"
QUEUE = "probe"


class Probes:
    """Sends visits one at a time and waits until each is seen."""

    def __init__(self, bench, topic, service):
        self.sender = subprocess.Popen([bench.tools / "probe", bench.broker.address, topic], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
        self.sent = 0

    def send(self):
        self.sent += 1
        visit = f"probe-{self.sent:06}"
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event = {"specversion": "1.0", "id": visit, "source": "/bench/probe", "type": "contact.queued", "time": now,
                 "subject": visit, "data": {"queue": QUEUE, "channel": "voice", "entry": "inbound"}}
        self.sender.stdin.write(f"{visit} {json.dumps(event, separators=(',', ':'))}\n")
        self.sender.stdin.flush()

    def get(self, path):
        self.connection.request("GET", path)
        return self.connection.getresponse().read()

    def on_metrics(self):
        found = re.search(rb'^floorwatch_contacts_offered_total\{[^}]*queue="probe"[^}]*\} (\d+)', self.get("/metrics"), re.M)
        return int(found.group(1)) if found else 0

    def on_api(self):
        rows = json.loads(self.get(f"/api/v1/figures?by=queue&every=total&queue={QUEUE}"))
        return rows[0]["offered"] if rows else 0

    def latencies(self, count, seen):
        """Milliseconds of so many probes, one after the other, ascending."""
        times = []
        for _ in range(count):
            begin = time.monotonic()
            self.send()
            while seen() < self.sent:
                if time.monotonic() > begin + 10:
                    raise Failed("a probe is not visible after 10 s")
            times.append((time.monotonic() - begin) * 1000)
            self.sender.stdout.readline()
        return sorted(times)

    def end(self):
        self.sender.stdin.close()
        return self.sender.wait()


def nearest_rank(ascending, percent):
    return ascending[max(-(-len(ascending) * percent // 100), 1) - 1]


def cost(bench, service):
    """(CPU seconds per million, events a second, bound of 99.9 % of the flow's pauses), scraped as Prometheus would."""
    before, cpu, begin = service.metrics(), service.cpu_seconds(), time.monotonic()
    while time.monotonic() < begin + bench.sizes.live_seconds:
        time.sleep(5)
        after = service.metrics()
    seconds, cpu = time.monotonic() - begin, service.cpu_seconds() - cpu
    events = metrics_page.balance(after)[0] - metrics_page.balance(before)[0]
    if not events:
        raise Failed("nothing was received; see live.log and generate.log")
    pause = metrics_page.quantile(metrics_page.buckets(before, PAUSES), metrics_page.buckets(after, PAUSES), 0.999)
    return cpu * MILLION / events, events / seconds, pause


def check(bench, service, topic):
    """What is wrong with the state that the service has left."""
    produced = count_messages(bench.tools / "bare_consumer", bench.broker, topic)
    received = metrics_page.balance(service.read_to(produced))[0]
    faults = [] if received == produced else [f"{produced} events were produced, {received} received"]
    if service.end() != 0:
        faults.append("the service did not end in order")
    verified = service.verify(bench.work / "live.db", bench.work)
    return faults if verified.returncode == 0 else [*faults, f"verify: {verified.stdout}{verified.stderr}"]


def measure(bench):
    sizes, topic = bench.sizes, bench.topic("live", 8)
    service = bench.service("live", bench.kafka(topic))
    bench.say(f"live at {sizes.live_rate:,} events/s")
    generator = bench.generator("--rate", f"{sizes.live_rate}/s", "--speed", 1, "--kafka", bench.broker.address,
                                "--topic", topic)
    service.read_to(sizes.live_rate * 5)
    per_million, rate, pause = cost(bench, service)
    probes = Probes(bench, topic, service)
    try:
        bench.say("live: probes")
        metrics, api = (probes.latencies(sizes.probes, seen) for seen in (probes.on_metrics, probes.on_api))
    finally:
        probes.end()
        end(generator)
    faults = check(bench, service, topic)
    bench.keep("live", cpu_s_per_million=per_million, events_per_s=rate, metrics_ms=metrics, api_ms=api,
               pause_p999_s=pause)
    rows = [
        Row("live load", f">= {LEAST_RATE * sizes.live_rate:,.0f} events/s", f"{rate:,.0f} events/s",
            rate >= LEAST_RATE * sizes.live_rate),
        at_most("live, CPU per million events", per_million, 1.6, "s"),
        noted("99.9 % of the flow's pauses, live", f"<= {pause * 1000:g} ms"),
    ]
    for where, times in (("/metrics", metrics), ("the API", api)):
        rows += [at_most(f"event -> visible on {where}, p50", nearest_rank(times, 50), 30, "ms", 1),
                 at_most(f"event -> visible on {where}, p99", nearest_rank(times, 99), 100, "ms", 1)]
    return [*rows, correct("figures of the live load", faults)]
