"""Measures the budgets of docs/performance.md, prints a table and writes JSON. Called by run.sh, whose --help says more."""
import argparse
import importlib
import json
import os
import platform
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import Bench, Failed, as_json
from programs import work_folder

PARTS = ["catchup", "live", "memory", "scrape", "start", "queue", "scaling"]


@dataclass
class Sizes:
    """Of a whole run, some 15 minutes on 2 cores."""
    visits: int = 1_000_000  # of the log of catch-up, queue, memory and restart; each has some 12 events
    partitions: int = 32
    rounds: int = 3
    live_rate: int = 50_000
    live_seconds: int = 30
    probes: int = 200
    memory_seconds: int = 60
    series: int = 1_000_000
    scrape_rate: int = 40_000
    scrape_fill_seconds: int = 40
    scrape_settle_seconds: int = 4
    scrapes: int = 10
    starts: int = 3
    kills: int = 20
    kill_rate: int = 100_000
    scaling_visits: int = 200_000


# Show that every part works; their figures say nothing of the budgets.
SHORT = Sizes(visits=20_000, partitions=8, rounds=1, live_rate=5_000, live_seconds=5, probes=5, memory_seconds=5,
              series=20_000, scrape_rate=5_000, scrape_fill_seconds=5, scrape_settle_seconds=1,
              scrapes=2, starts=1, kills=2, kill_rate=20_000, scaling_visits=10_000)


def machine():
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown")
    return {"cores": os.cpu_count(), "cpu": model, "system": platform.platform(), "load_before": os.getloadavg()}


def print_table(rows):
    print(f"{'what':60} {'must reach':>26} {'measured':>34}  holds")
    for row in rows:
        print(f"{row.what:60} {row.must:>26} {row.measured:>34}  {'' if row.holds is None else 'yes' if row.holds else 'NO'}")


def measure(bench, parts):
    """(rows, what did not run). A part that fails does not stop the others."""
    rows, failures = [], []
    for part in parts:
        begin = time.monotonic()
        try:
            rows += importlib.import_module(f"parts.{part}").measure(bench)
        except (Failed, OSError, subprocess.SubprocessError) as failure:
            failures.append(f"{part}: {failure}")
            bench.say(failures[-1])
        bench.keep(part, took_s=time.monotonic() - begin)
    return rows, failures


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="kept; default: a folder that is removed")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--visits", type=int)
    parser.add_argument("--rounds", type=int)
    options = parser.parse_args()
    options.parts = options.only.split(",")
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"--only: {', '.join(sorted(unknown))} is not known; allowed: {','.join(PARTS)}")
    options.sizes = SHORT if options.short else Sizes()
    for name in ("visits", "rounds"):
        if value := getattr(options, name):
            setattr(options.sizes, name, value)
    return options


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with work_folder(options.work) as work:
        bench, host = Bench(options.build.resolve(), work, options.sizes), machine()
        try:
            rows, failures = measure(bench, options.parts)
        finally:
            bench.close()
    print_table(rows)
    path = options.json or options.build / "bench.json"
    path.write_text(json.dumps({"machine": host, "sizes": asdict(options.sizes), "table": as_json(rows),
                                "failures": failures, "parts": bench.details}, indent=2) + "\n")
    print(f"written to {path}")
    if failures:
        print("did not run: " + "; ".join(failures))
        return 3
    if any(row.figures and not row.holds for row in rows):
        return 1
    return 4 if not options.short and any(row.holds is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
