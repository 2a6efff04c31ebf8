"""What an event costs in instructions, from a log file to the store: the same on every machine, whatever else it does.

Two logs of different size are replayed under valgrind, on one thread; what the larger one needs more, by what it has
more, leaves out the start and the end of the program.

    instructions_test.py FLOORWATCH MOST

Exit 0: at most MOST an event. 1: more. 77: there is no valgrind.
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

VISITS = (1_000, 5_000)


def run(*command):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True)


def replayed(floorwatch, folder, visits):
    """(events, instructions) of a replay."""
    log, store = folder / f"{visits}.ndjson", folder / f"{visits}.db"
    run(floorwatch, "generate", "--visits", visits, "--hours", 24, "--seed", 3, "--output", log, "--quiet")
    counted = run("valgrind", "--tool=callgrind", f"--callgrind-out-file={folder / 'out'}", floorwatch, "replay",
                  "--store", f"sqlite:{store}", "--input", log, "--quiet", "--threads", 1).stderr
    with log.open("rb") as lines:
        events = sum(1 for _ in lines)
    return events, int(re.search(r"refs:\s+([\d,]+)", counted).group(1).replace(",", ""))


def main():
    floorwatch, most = sys.argv[1], int(sys.argv[2])
    if shutil.which("valgrind") is None:
        print("skipped: there is no valgrind")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        (few, cost_of_few), (many, cost_of_many) = (replayed(floorwatch, Path(folder), visits) for visits in VISITS)
    per_event = (cost_of_many - cost_of_few) / (many - few)
    print(f"{per_event:.0f} instructions an event, may be {most}")
    return 0 if per_event <= most else 1


if __name__ == "__main__":
    sys.exit(main())
