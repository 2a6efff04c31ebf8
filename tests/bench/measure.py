"""Runs the measured programs in turns, compares their figures with the truth, prints a table and writes JSON.

Called by run.sh. CPU seconds are user plus system time of the process alone, as the kernel counts them: the broker's
share is not in them, but it works on the same cores and so slows the wall clock.
"""
import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path


def run_measured(command):
    """One run: wall seconds, CPU seconds, peak resident bytes, standard output."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command))} ended with {process.returncode}")
    return {
        "wall_s": time.monotonic() - begin,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "user_s": usage.ru_utime,
        "system_s": usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
        "output": output,
    }


def counted(output, word):
    return int(re.search(rf"{word}=(\d+)", output).group(1))


def fresh(store):
    for end in ("", "-wal", "-shm"):
        Path(f"{store}{end}").unlink(missing_ok=True)
    return f"sqlite:{store}"


def digest(floorwatch, store):
    output = subprocess.run([floorwatch, "digest", "--store", store], check=True, capture_output=True, text=True).stdout
    return re.search(r"state_digest=(\w+)", output).group(1)


def truth_sections(path):
    """(query words, CSV) of each section of the generator's truth."""
    for part in re.split(r"^# ", path.read_text(), flags=re.MULTILINE)[1:]:
        head, _, table = part.partition("\n")
        yield head, table


def differing_sections(floorwatch, store, truth):
    wrong = []
    for head, table in truth_sections(truth):
        words = [f"--{word}" for word in head.split()]
        printed = subprocess.run([floorwatch, "figures", "--store", store, "--format", "csv", *words], check=True,
                                 capture_output=True, text=True).stdout
        if printed.strip() != table.strip():
            wrong.append(head)
    return wrong


def machine():
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown")
    return {"cores": os.cpu_count(), "cpu": model, "system": platform.platform(), "load_before": os.getloadavg()}


def summary(runs):
    """Of the rounds the one with the least CPU: other work on the machine can only add to it."""
    events = runs[0]["events"]
    best = min(runs, key=lambda r: r["cpu_s"])
    return {
        "events": events,
        "events_per_s": events / min(r["wall_s"] for r in runs),
        "cpu_s_per_million": best["cpu_s"] * 1e6 / events,
        "cpu_s_per_million_all": [r["cpu_s"] * 1e6 / events for r in runs],
        "events_per_s_all": [events / r["wall_s"] for r in runs],
        "peak_mb": max(r["peak_bytes"] for r in runs) / 1e6,
    }


def print_table(result):
    print(f"{'':18}{'events/s':>12}{'CPU s/million':>16}{'of all rounds':>24}{'peak MB':>10}{'x bare':>8}")
    bare = result["bare_consumer"]["cpu_s_per_million"]
    for name in ("file", "kafka", "bare_consumer"):
        s = result[name]
        all_rounds = " ".join(f"{c:.2f}" for c in s["cpu_s_per_million_all"])
        ratio = "" if name == "file" else f"{s['cpu_s_per_million'] / bare:.2f}"
        print(f"{name:18}{s['events_per_s']:>12,.0f}{s['cpu_s_per_million']:>16.2f}{all_rounds:>24}"
              f"{s['peak_mb']:>10.0f}{ratio:>8}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("floorwatch", "bare-consumer", "work", "brokers", "topic", "json"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("partitions", "runs"):
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    work = Path(options.work)
    commands = {
        "file": [options.floorwatch, "replay", "--quiet", "--input", str(work / "log.ndjson"), "--store"],
        "kafka": [options.floorwatch, "replay", "--quiet", "--config", str(work / "kafka.yaml"), "--store"],
        "bare_consumer": [options.bare_consumer, options.brokers, options.topic],
    }
    runs = {name: [] for name in commands}
    digests, wrong = set(), {}
    host = machine()
    for _ in range(options.runs):
        for name, command in commands.items():
            bare = name == "bare_consumer"
            store = None if bare else fresh(work / f"{name}.db")
            run = run_measured(command if bare else [*command, store])
            run["events"] = counted(run.pop("output"), "messages" if bare else "received")
            runs[name].append(run)
            if not bare:
                digests.add(digest(options.floorwatch, store))
    for name in ("file", "kafka"):
        wrong[name] = differing_sections(options.floorwatch, f"sqlite:{work / name}.db", work / "truth.csv")
    result = {name: summary(of) for name, of in runs.items()}
    print_table(result)
    same = len(digests) == 1 and len({r["events"] for of in runs.values() for r in of}) == 1
    print(f"digests of all runs: {'equal' if same else 'DIFFER'}")
    for name, sections in wrong.items():
        print(f"{name} against the truth: {'equal' if not sections else 'DIFFERS in ' + '; '.join(sections)}")
    result |= {"machine": host, "partitions": options.partitions, "runs": runs, "digests": sorted(digests),
               "wrong_sections": wrong}
    Path(options.json).write_text(json.dumps(result, indent=2) + "\n")
    print(f"written to {options.json}")
    return 0 if same and not any(wrong.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
