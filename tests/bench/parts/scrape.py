"""A page of a million series while events go on: how long it takes, what it adds to memory, and how long the flow stops.

The pauses are the program's own (floorwatch_flow_pause_seconds): spans in which the thread that applies events neither
applied nor waited for any. From outside they cannot be seen, since whoever asks waits behind the scrape.
"""
import csv
import io
import os
import re
import signal
import socket
import time

import metrics_page
from bench import MILLION, Row, at_most, correct, noted
from parts.live import PAUSES, nearest_rank
from programs import count_messages, end

SERIES_PER_QUEUE = 60  # about: 6 counters, 34 lines of histograms, a gauge, 4 gauges of 5 windows


def raw_page(service):
    """The page as it comes, by HTTP/1.0 and so without chunks: hardly anything of the client's is in the time."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=60) as connection:
        connection.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        pieces = []
        while piece := connection.recv(1 << 20):
            pieces.append(piece)
    return b"".join(pieces).partition(b"\r\n\r\n")[2]


def lines_of(page):
    return page.count(b"\n") - page.count(b"\n#") - page.startswith(b"#")


def family(page, name):
    """The series of one family; the page has too many to read them all."""
    return metrics_page.series_of(b"\n".join(re.findall(rb"^" + name.encode() + rb".*$", page, re.M)).decode())


def added_memory(bench, service, generator):
    """Bytes that scrapes add at most to what is resident before the first one. The load stands still meanwhile: what it
    adds by itself is not the scrapes'."""
    os.kill(generator.pid, signal.SIGSTOP)
    try:
        time.sleep(bench.sizes.scrape_settle_seconds)
        resident = service.memory()["VmRSS"]
        service.forget_peak()
        for _ in range(3):
            raw_page(service)
        return service.memory()["VmHWM"] - resident
    finally:
        os.kill(generator.pid, signal.SIGCONT)


def scrapes(bench, service):
    """(seconds of each, ascending, first and last page) while the load goes on."""
    times, first, page = [], None, b""
    for _ in range(bench.sizes.scrapes):
        begin = time.monotonic()
        page = raw_page(service)
        times.append(time.monotonic() - begin)
        first = first or page
        time.sleep(1)
    return sorted(times), first, page


def check(bench, service, topic):
    """What is wrong with a page after the load, against what is in the store."""
    produced = count_messages(bench.tools / "bare_consumer", bench.broker, topic)
    received = metrics_page.balance(service.read_to(produced))[0]
    faults = [] if received == produced else [f"{produced} events were produced, {received} received"]
    shown = family(raw_page(service), "floorwatch_contacts_offered_total")
    service.end()
    table = bench.run("figures", "--store", f"sqlite:{bench.work}/scrape.db", "--by", "queue", "--every", "total",
                      "--format", "csv")
    stored = {f'floorwatch_contacts_offered_total{{client="{row["client"]}",queue="{row["queue"]}",channel="{row["channel"]}"}}':
              int(row["offered"]) for row in csv.DictReader(io.StringIO(table))}
    wrong = sum(shown.get(series, 0) != offered for series, offered in stored.items()) + len(shown.keys() - stored.keys())
    return [*faults, f"{wrong} of {len(stored)} queues show another number of visits"] if wrong else faults


def measure(bench):
    sizes, topic = bench.sizes, bench.topic("scrape", 8)
    bench.say(f"scrape of {sizes.series:,} series")
    service = bench.service("scrape", bench.kafka(topic) + "metrics: {max_series: 3000000}\nmemory: {records: 64MiB}\n")
    generator = bench.generator("--queues", sizes.series // SERIES_PER_QUEUE, "--rate", f"{sizes.scrape_rate}/s",
                                "--speed", 1, "--kafka", bench.broker.address, "--topic", topic)
    time.sleep(sizes.scrape_fill_seconds)  # without a scrape, so that all that scrapes add is seen
    added = added_memory(bench, service, generator) / MILLION
    time.sleep(2 * sizes.scrape_settle_seconds)  # the generator makes up for what it missed
    times, first, last = scrapes(bench, service)
    end(generator)
    before, after = (metrics_page.buckets(family(page, PAUSES), PAUSES) for page in (first, last))
    pause = metrics_page.quantile(before, after, 0.999)
    lines, faults = lines_of(last), check(bench, service, topic)
    bench.keep("scrape", seconds=times, added_mb=added, lines=lines, bytes=len(last), pause_p999_s=pause,
               pauses=[(str(bound), count) for bound, count in after])
    return [
        Row("series on the page", f">= {sizes.series:,}", f"{lines:,} in {len(last) / MILLION:.0f} MB", lines >= sizes.series),
        at_most("scrape, median", nearest_rank(times, 50), 0.3, "s"),
        noted("scrape, slowest", f"{times[-1]:.2f} s"),
        at_most("memory that scrapes add at most", added, 150, "MB", 0),
        at_most("99.9 % of the flow's pauses during scrapes", pause * 1000, 10, "ms", 1),
        correct("the page after the load", faults),
    ]
