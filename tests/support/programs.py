"""The programs of a long measurement: a broker, and floorwatch as a service. Each is ended by its id, whatever happens."""
import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from metrics_page import balance, series_of

ROOT = Path(__file__).resolve().parent.parent.parent
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def free_port():
    """Of two that are free one after the other: the broker's controller takes the second."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
                return port
            except (OSError, OverflowError):
                continue


def end(process, patience=60):
    """In order if it can be had, by its id in any case; its exit status."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


@contextlib.contextmanager
def work_folder(kept):
    """The folder `kept`, made if need be; where it is None, one that is removed at the end."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
    else:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            yield Path(folder)


class Broker:
    """A Kafka broker of its own, with everything in `directory`. start() may fail half-way: end() is right after it too."""

    def __init__(self, directory):
        self.directory, self.port = directory, free_port()
        self.address = f"127.0.0.1:{self.port}"

    def start(self):
        subprocess.run([ROOT / "deploy" / "kafka.sh", "start", self.directory, str(self.port)], check=True)

    def end(self):
        subprocess.run([ROOT / "deploy" / "kafka.sh", "stop", self.directory], check=False)


def count_messages(bare_consumer, broker, topic):
    """What the broker holds, counted by a plain consumer."""
    out = subprocess.run([bare_consumer, broker.address, topic], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"messages=(\d+)", out).group(1))


def start_logged(command, log):
    """A process whose output goes to the file `log`."""
    with open(log, "wb") as output:
        return subprocess.Popen([str(word) for word in command], stdout=output, stderr=output)


class Service:
    """`floorwatch run` with the configuration `config` (YAML text without http), its pages and its resources."""

    def __init__(self, floorwatch, config, file):
        self.floorwatch, self.config = floorwatch, file
        self.port = free_port()
        self.config.write_text(f'{config}http: {{listen: "127.0.0.1:{self.port}"}}\n')
        self.process = start_logged([floorwatch, "run", "--config", file], file.with_suffix(".log"))

    def page(self, path="/metrics", timeout=10):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as answer:
            return answer.read()

    def metrics(self):
        """By series; empty while the service does not answer."""
        try:
            return series_of(self.page().decode())
        except OSError:
            return {}

    def read_to(self, received, patience=120):
        """Waits until so many events were received, or patience (s) is at its end; the last page of metrics."""
        deadline = time.monotonic() + patience
        while True:
            values = self.metrics()
            if balance(values)[0] >= received or time.monotonic() > deadline or not self.running():
                return values
            time.sleep(0.05)

    def verify(self, store, scratch):
        """Its log, replayed into a store in the folder `scratch`, against the store that it has left."""
        return subprocess.run([self.floorwatch, "verify", "--config", self.config, "--store", f"sqlite:{store}"],
                              capture_output=True, text=True, env={**os.environ, "TMPDIR": str(scratch)}, check=False)

    def running(self):
        return self.process.poll() is None

    def memory(self):
        """Bytes by name: VmRSS, VmHWM (the peak), RssAnon and so on."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return {name: int(kib) * 1024 for name, kib in re.findall(r"^(\w+):\s+(\d+) kB", status, re.M)}

    def forget_peak(self):
        """VmHWM begins anew from what is resident now."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def cpu_seconds(self):
        """User and system time of all its threads so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND

    def end(self):
        return end(self.process)

    def kill(self):
        """As kill -9."""
        self.process.kill()
        self.process.wait()
