"""What the parts of the benchmark share: programs, logs with their truth, a broker, and the rows of the table."""
import os
import re
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from programs import Broker, Service, end, free_port, start_logged

MILLION = 1_000_000


@dataclass
class Row:
    """A line of the table. `holds` is None where nothing is asked for; `figures` tells a wrong result from a slow one."""
    what: str
    must: str
    measured: str
    holds: bool | None = None
    figures: bool = False


def at_most(what, value, limit, unit="", digits=2):
    return Row(what, f"<= {limit:,g} {unit}".strip(), f"{value:,.{digits}f} {unit}".strip(), value <= limit)


def at_least(what, value, limit, unit="", digits=0):
    return Row(what, f">= {limit:,g} {unit}".strip(), f"{value:,.{digits}f} {unit}".strip(), value >= limit)


def noted(what, measured):
    return Row(what, "", measured)


def correct(what, faults):
    return Row(what, "equal to the truth", "; ".join(faults) or "equal", not faults, figures=True)


class Failed(Exception):
    """Something did not start, or ended with an error."""


def run_measured(command):
    """One run to its end: wall seconds, CPU seconds (user and system), peak resident bytes, standard output."""
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    try:
        output = process.stdout.read()
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        if process.returncode is None:
            end(process)
    if process.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} ended with {process.returncode}")
    return {"wall_s": time.monotonic() - begin, "cpu_s": usage.ru_utime + usage.ru_stime, "user_s": usage.ru_utime,
            "system_s": usage.ru_stime, "peak_bytes": usage.ru_maxrss * 1024, "output": output}


def counted(output, word):
    return int(re.search(rf"{word}=(\d+)", output).group(1))


def summary(runs):
    """Of the rounds the one with the least CPU: other work on the machine can only add to it."""
    events = runs[0]["events"]
    per_million = [run["cpu_s"] * MILLION / events for run in runs]
    return {"events": events, "events_per_s": events / min(run["wall_s"] for run in runs),
            "cpu_s_per_million": min(per_million), "cpu_s_per_million_all": per_million,
            "events_per_s_all": [events / run["wall_s"] for run in runs],
            "peak_mb": max(run["peak_bytes"] for run in runs) / MILLION}


def sections(truth):
    """(words of the query, CSV) of each table of a generator's truth."""
    for part in re.split(r"^# ", truth.read_text(), flags=re.MULTILINE)[1:]:
        head, _, table = part.partition("\n")
        yield head, table


def page(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=600) as answer:
        return answer.read().decode()


def wait_for_page(process, port, patience=120):
    """Until the process is ready (/readyz)."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return page(port, "/readyz")
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failed("the store cannot be shown; see truth.log") from None
            time.sleep(0.05)


def fresh(store):
    """The URL of a store that is not there yet."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{store}{suffix}").unlink(missing_ok=True)
    return f"sqlite:{store}"


@dataclass
class Log:
    """What `generate` was asked for, and what it wrote."""
    words: list  # of the command line, without where to
    path: Path
    truth: Path
    events: int


class Bench:
    """One run of the benchmark. Whatever it started is ended by close(), also after a failure."""

    def __init__(self, build, work, sizes):
        self.floorwatch, self.tools = build / "floorwatch", build / "tests/bench"
        self.work, self.sizes = work, sizes
        self.details = {}  # for the JSON, by part
        self._broker, self._logs, self._topics, self._started = None, {}, set(), []

    def say(self, text):
        print(f"bench: {text}", file=sys.stderr, flush=True)

    @property
    def broker(self):
        if self._broker is None:
            self.say("starting a broker")
            self._broker = Broker(self.work / "broker")
            self._broker.start()
        return self._broker

    def close(self):
        for started in reversed(self._started):
            started.end() if isinstance(started, Service) else end(started)
        if self._broker is not None:
            self._broker.end()

    # ---- loads ----

    def log(self, visits, **options):
        """A log with its truth, made once: log(1000, queues=10, hours=24)."""
        words = ["--visits", visits]
        for name, value in options.items():
            words += [f"--{name}", value]
        name = "log" + "".join(str(word) for word in words)
        if name not in self._logs:
            path, truth = self.work / f"{name}.ndjson", self.work / f"{name}.csv"
            made = subprocess.run([str(word) for word in
                                   [self.floorwatch, "generate", *words, "--output", path, "--truth", truth]],
                                  capture_output=True, text=True, check=False)
            if made.returncode != 0:
                raise Failed(f"generate: {made.stderr}")
            self._logs[name] = Log(words, path, truth, counted(made.stderr, "events"))
        return self._logs[name]

    def week(self):
        """A log of as many visits as are to be held: of a week, so that memory is that of contacts rather than of a day
        with more agents than any centre has."""
        return self.log(self.sizes.visits, hours=7 * 24)

    def forget(self, log):
        """Gives its disk space back."""
        for path in (log.path, log.truth):
            path.unlink(missing_ok=True)
        self._logs = {name: kept for name, kept in self._logs.items() if kept is not log}

    def topic(self, name, partitions, log=None):
        """A topic with the events of `log`, made once."""
        if name not in self._topics:
            subprocess.run([self.tools / "make_topic", self.broker.address, name, str(partitions)], check=True)
            if log is not None:
                self.run("generate", *log.words, "--kafka", self.broker.address, "--topic", name, "--quiet")
            self._topics.add(name)
        return name

    def generator(self, *words):
        """`generate` in the background."""
        process = start_logged([self.floorwatch, "generate", *words], self.work / "generate.log")
        self._started.append(process)
        return process

    # ---- floorwatch ----

    def kafka(self, topic, **properties):
        """The part of a configuration that reads a topic; properties of librdkafka with _ for the points."""
        own = ", ".join(f'{name.replace("_", ".")}: "{value}"' for name, value in properties.items())
        return (f'sources:\n  - name: log\n    kafka: {{brokers: "{self.broker.address}", topics: [{topic}], '
                f'group: floorwatch-bench, properties: {{{own}}}}}\n')

    def file(self, path):
        return f'sources:\n  - name: log\n    file: {{path: "{path}"}}\n'

    def config(self, name, text):
        path = self.work / f"{name}.yaml"
        path.write_text(text)
        return path

    def service(self, name, config, store=None):
        """`floorwatch run`; a fresh store NAME.db unless another is given."""
        url = f"sqlite:{store}" if store else fresh(self.work / f"{name}.db")
        service = Service(self.floorwatch, f'{config}store: {{url: "{url}"}}\n', self.work / f"{name}.yaml")
        self._started.append(service)
        return service

    def run(self, *words):
        ran = subprocess.run([str(word) for word in (self.floorwatch, *words)], capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise Failed(f"floorwatch {words[0]}: {ran.stderr or ran.stdout}")
        return ran.stdout

    def replay(self, name, *words):
        """A measured replay into the fresh store NAME.db, with the number of events and the store's digest."""
        store = fresh(self.work / f"{name}.db")
        run = run_measured([self.floorwatch, "replay", "--quiet", "--store", store, *words])
        run["events"] = counted(run.pop("output"), "received")
        run["digest"] = self.digest(store)
        return run

    def digest(self, store):
        return re.search(r"state_digest=(\w+)", self.run("digest", "--store", store)).group(1)

    def differing_sections(self, store, log, only=None):
        """Which tables of the generator's truth the store shows otherwise. `only`: those whose names begin so. One
        process loads the store and is asked for all of them."""
        port, nothing = free_port(), self.work / "nothing.ndjson"
        nothing.touch()
        process = start_logged([self.floorwatch, "replay", "--quiet", "--store", store, "--input", nothing, "--hold",
                                "--listen", f"127.0.0.1:{port}"], self.work / "truth.log")
        try:
            wait_for_page(process, port)
            return [head for head, table in sections(log.truth) if not only or head.startswith(only)
                    if table.strip() != page(port, "/api/v1/figures?format=csv&" + "&".join(head.split())).strip()]
        finally:
            end(process)

    def keep(self, part, **values):
        self.details.setdefault(part, {}).update(values)


def as_json(rows):
    return [asdict(row) for row in rows]
