#!/usr/bin/env python3
"""Half an hour of a busy centre, by hand: does anything grow, and is every event accounted for at the end?

    tests/soak/soak.py --build DIR [--minutes 30] [--rate 20000] [--speed 1000] [--memory 64MiB] [--slope 40] [--work DIR]

Starts a Kafka broker of its own, feeds `floorwatch run` with `floorwatch generate`, and samples process and /metrics
every few seconds. Event time begins as long ago as lets it run --speed times as fast as the wall clock without reaching
it, so events up to 4 h late do arrive, and nothing is from the future. Half an hour is three weeks of a centre with some
thousand agents: memory holds the present day, so it rises and falls with the days. Then the generator is
stopped, the rest read, the service stopped in order, and `floorwatch verify` replays the whole topic. The minutes may
also come from FLOORWATCH_SOAK_MINUTES. Needs Java, some 110 bytes of disk an event, and the build's tests/bench.

Exit 0: all is well. 1: a check failed, each is named. 2: wrong arguments. 3: something does not start.
"""
import argparse
import datetime
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import trend

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import metrics_page
from programs import Broker, Service, count_messages, end, start_logged, work_folder

TOPIC, PARTITIONS = "soak-events", 8
SAMPLE_EVERY = 3  # s
MOST_FDS_MORE = 8  # above those at the end of the warm-up: connections to brokers and readers come and go
COLUMNS = ["rss_mib", "anonymous_mib", "fds", "wal_mib", "store_mib", "lag_events", "commit_age_s"]


class Soak:
    """One run. Whatever it started is ended by close(), also after a failure."""

    def __init__(self, options, work):
        self.options, self.work = options, work
        self.floorwatch = options.build / "floorwatch"
        self.store = work / "floor.db"
        self.broker, self.service, self.generator = None, None, None
        self.begin = time.monotonic()

    def start(self):
        self.broker = Broker(self.work / "broker")
        self.broker.start()
        address = self.broker.address
        subprocess.run([self.options.build / "tests/bench/make_topic", address, TOPIC, str(PARTITIONS)], check=True)
        config = (f'sources:\n  - name: soak\n    kafka: {{brokers: "{address}", topics: [{TOPIC}]}}\n'
                  f'store: {{url: "sqlite:{self.store}"}}\nmemory: {{records: {self.options.memory}}}\n')
        self.service = Service(self.floorwatch, config, self.work / "soak.yaml")
        start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(
            minutes=(self.options.minutes + 2) * self.options.speed)
        self.generator = start_logged(
            [self.floorwatch, "generate", "--kafka", address, "--topic", TOPIC, "--rate", f"{self.options.rate}/s",
             "--speed", self.options.speed, "--start", start.strftime("%Y-%m-%dT%H:%M:%SZ"), "--disorder", "30s",
             "--late", "0.01:4h", "--duplicates", "0.01", "--bad", "0.001"], self.work / "generate.log")
        self.begin = time.monotonic()

    def sample(self):
        """One line of the record; None while the service does not answer."""
        values = self.service.metrics()
        if not values or not self.service.running():
            return None
        memory = self.service.memory()
        mib = lambda path: path.stat().st_size / 2**20 if path.exists() else 0.0
        return {
            "hours": (time.monotonic() - self.begin) / 3600,
            "rss_mib": memory["VmRSS"] / 2**20,
            "anonymous_mib": memory["RssAnon"] / 2**20,
            "fds": len(os.listdir(f"/proc/{self.service.process.pid}/fd")),
            "wal_mib": mib(Path(f"{self.store}-wal")),
            "store_mib": mib(self.store),
            "lag_events": metrics_page.total(values, "floorwatch_consumer_lag_events"),
            "commit_age_s": time.time() - metrics_page.total(values, "floorwatch_last_commit_timestamp_seconds"),
            "received": metrics_page.total(values, "floorwatch_events_received_total"),
        }

    def watch(self):
        """Samples while the load runs. Ends early if the service or the generator does."""
        samples = []
        while time.monotonic() - self.begin < self.options.minutes * 60:
            if not self.service.running() or self.generator.poll() is not None:
                break
            if sample := self.sample():
                samples.append(sample)
                if len(samples) % 10 == 1:
                    print("  ".join(f"{name}={sample[name]:.0f}" for name in ["received", *COLUMNS]), flush=True)
            time.sleep(SAMPLE_EVERY)
        return samples

    def close(self):
        if self.generator is not None:
            end(self.generator)
        for started in (self.service, self.broker):
            if started is not None:
                started.end()


def check_flat(samples, options):
    """What is wrong with the record of the load, line by line."""
    settled = [sample for sample in samples if sample["hours"] * 60 >= options.minutes / 3]
    if len(settled) < 10:
        return ["too few samples after the warm-up: the run ended early"]
    print(f"\nAfter the warm-up of {options.minutes / 3:.1f} minutes, {len(settled)} samples:")
    print(trend.table(settled, COLUMNS))
    faults = []
    slope, error = trend.least_squares([(sample["hours"], sample["rss_mib"]) for sample in settled])
    if slope - 2 * error > options.slope:
        faults.append(f"memory grows by {slope:.1f} +- {error:.1f} MiB an hour, allowed are {options.slope}")
    more = max(sample["fds"] for sample in settled) - settled[0]["fds"]
    if more > MOST_FDS_MORE:
        faults.append(f"{more} more open files than after the warm-up")
    return faults


def run(soak, options):
    """Load, rest, end, verify; what is wrong, line by line."""
    soak.start()
    samples = soak.watch()
    ended_early = not soak.service.running() or soak.generator.poll() is not None
    faults = ["the service or the generator ended by itself, see its log"] if ended_early else []
    if end(soak.generator) != 0:
        faults.append("the generator failed, see generate.log")
    produced = count_messages(options.build / "tests/bench/bare_consumer", soak.broker, TOPIC)
    received, accounted, parts = metrics_page.balance(soak.service.read_to(produced))
    faults += check_flat(samples, options)
    print(f"\nproduced={produced} received={received} " + " ".join(f"{word}={n}" for word, n in parts.items()))
    if received != produced:
        faults.append(f"{produced} events were produced, {received} received")
    if received != accounted:
        faults.append(f"{received} events were received, {accounted} are accounted for")
    if soak.service.end() != 0:
        faults.append("the service did not end in order, see soak.log")
    verified = soak.service.verify(soak.store, soak.work)
    print(verified.stdout)
    if verified.returncode != 0:
        faults.append(f"verify ended with {verified.returncode}: {verified.stderr}")
    return faults


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=float(os.environ.get("FLOORWATCH_SOAK_MINUTES", 30)))
    parser.add_argument("--rate", type=int, default=20_000, help="events a second")
    parser.add_argument("--speed", type=int, default=1000, help="event time by wall time")
    parser.add_argument("--memory", default="64MiB", help="memory.records: the warm-up must suffice to fill it")
    # An hour of the wall clock is --speed hours of the floor: leads and deals of so many stay.
    parser.add_argument("--slope", type=float, default=40, help="most growth of resident memory, MiB an hour")
    parser.add_argument("--work", type=Path, help="kept; default: a folder that is removed")
    options = parser.parse_args()
    options.build = options.build.resolve()
    return options


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with work_folder(options.work) as work:
        soak = Soak(options, work)
        try:
            faults = run(soak, options)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"soak: {error}", file=sys.stderr)
            return 3
        finally:
            soak.close()
    for fault in faults:
        print("FAILED:", fault)
    print("soak: all is well" if not faults else "soak: failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
