#!/usr/bin/env python3
"""The house's walls: which folder may include which, no path of anyone's machine, and files of a size one can read.

Layers and machine paths fail the test. Files over the agreed length are listed as warnings, and fail with STRICT=1.
Run from anywhere: python3 tests/layering_test.py
"""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Folder -> folders of the project that it may include beside itself. `tests` may include everything, except for the oracle.
MAY_INCLUDE = {
    "core": set(),
    "ingest": {"core"},
    "processors": {"core"},
    "sinks": {"core"},
    "config": {"core"},
    "simulation": {"core"},
    "app": {"core", "ingest", "processors", "sinks", "config", "simulation"},
    # The oracle judges the engine, so it shares nothing with it. Its own tests compare the two and see both.
    "tests/oracle": set(),
}
LONGEST = {"tests": 500, "": 300}
SOURCES = (".h", ".cc")
TEXTS = SOURCES + (".py", ".sh", ".js", ".md", ".yml", ".yaml", ".txt", ".json", ".cmake", ".xml", ".html", ".css", ".svg", "")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|Users)/\w+|(?<![\w.])/root/\w+")
REGISTRY_HOST = re.compile(r"https?://[^ \"'/]*(?:registry|mirror|proxy|repo1|packages)\.")


def project_files(root):
    """What git keeps or would keep; every file where there is no git. Paths relative to `root`."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, check=False)
    if listed.returncode == 0:
        names = [pathlib.PurePosixPath(name) for name in listed.stdout.decode().split("\0") if name]
    else:
        names = [path.relative_to(root) for path in root.rglob("*") if "build" not in path.relative_to(root).parts]
    return sorted(name for name in names if (root / name).is_file())


def layer_of(name):
    """The layer that a file belongs to, or None where every include is allowed."""
    if name.parts[:2] == ("tests", "oracle"):
        is_test = name.name.endswith("_test.cc") or name.name == "main.cc"
        return None if is_test else "tests/oracle"
    return name.parts[0] if name.parts[0] in MAY_INCLUDE else None


def included_layer(root, name, target):
    """The layer of an included header, or None for one that is not the project's."""
    beside = name.parent / target
    for candidate in (pathlib.PurePosixPath(target), pathlib.PurePosixPath("tests") / target, beside):
        if (root / candidate).is_file():
            parts = pathlib.PurePosixPath(os.path.normpath(candidate)).parts
            return "tests/oracle" if parts[:2] == ("tests", "oracle") else parts[0]
    first = pathlib.PurePosixPath(target).parts[0]
    return first if first in MAY_INCLUDE else None


def broken_layers(root):
    for name in project_files(root):
        layer = layer_of(name)
        if layer is None or name.suffix not in SOURCES:
            continue
        for _, target in INCLUDE.findall((root / name).read_text()):
            other = included_layer(root, name, target)
            if other not in MAY_INCLUDE[layer] | {layer, None}:
                allowed = ", ".join(sorted(MAY_INCLUDE[layer] | {layer}))
                yield f"{name} includes {target}: {layer} may include only {allowed}"


def machine_paths(root):
    """Paths of this checkout, of someone's home, and hosts of package registries."""
    here = [str(root), str(root.parent / "shared")] if len(root.parts) > 2 else []
    for name in project_files(root):
        if name.suffix not in TEXTS:
            continue
        for number, line in enumerate((root / name).read_text(errors="replace").splitlines(), 1):
            found = next((path for path in here if re.search(r"(?<![\w.}])" + re.escape(path) + r"(?!\w)", line)), None)
            match = MACHINE_PATH.search(line) or REGISTRY_HOST.search(line)
            if found or match:
                yield f"{name}:{number}: {found or match.group()}"


def too_long(root):
    for name in project_files(root):
        if name.suffix in SOURCES + (".py", ".sh", ".js"):
            limit = LONGEST["tests" if name.parts[0] == "tests" else ""]
            length = len((root / name).read_text().splitlines())
            if length > limit:
                yield f"{name}: {length} lines, at most {limit}"


class TheProject(unittest.TestCase):
    def test_every_folder_includes_only_what_it_may(self):
        self.assertEqual(list(broken_layers(ROOT)), [])

    def test_no_path_of_a_machine(self):
        self.assertEqual(list(machine_paths(ROOT)), [])

    def test_files_are_short_enough_to_read(self):
        found = list(too_long(ROOT))
        for line in found:
            print("warning:", line)
        if os.environ.get("STRICT") == "1":
            self.assertEqual(found, [])


class TheTestItself(unittest.TestCase):
    """Each wall, pushed once."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        subprocess.run(["git", "init", "-q", str(self.root)], check=True)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_a_layer_that_reaches_sideways_is_found(self):
        self.write("processors/cells.h", "")
        self.write("sinks/store/writer.cc", '#include <vector>\n#include "core/time.h"\n#include "processors/cells.h"\n')
        self.assertEqual(len(list(broken_layers(self.root))), 1)

    def test_angle_brackets_and_relative_paths_hide_nothing(self):
        self.write("app/wiring.h", "")
        self.write("core/a.h", "#include <app/wiring.h>\n")
        self.write("core/b.h", '#  include "../app/wiring.h"\n')
        self.assertEqual(len(list(broken_layers(self.root))), 2)

    def test_the_oracle_sees_nothing_of_the_engine_but_its_tests_do(self):
        self.write("core/time.h", "")
        self.write("tests/oracle/oracle.h", "")
        self.write("tests/oracle/oracle.cc", '#include "tests/oracle/oracle.h"\n#include "core/time.h"\n')
        self.write("tests/oracle/oracle_test.cc", '#include "core/time.h"\n')
        self.assertEqual([line.split(" ")[0] for line in broken_layers(self.root)], ["tests/oracle/oracle.cc"])

    def test_what_is_allowed_is_no_finding(self):
        self.write("ingest/formats/json.cc", '#include "ingest/decoder.h"\n#include "core/event.h"\n#include <zlib.h>\n')
        self.write("app/main.cc", '#include "sinks/http/server.h"\n#include "ingest/decoder.h"\n')
        self.assertEqual(list(broken_layers(self.root)), [])

    def test_machine_paths_are_found_and_urls_are_not(self):
        self.write("README.md", f"see {self.root}/x\n/home" + "/ann/y\nhttps://example.org/home/page\n")
        self.assertEqual([line.split(": ")[0] for line in machine_paths(self.root)], ["README.md:1", "README.md:2"])

    def test_long_files_are_listed(self):
        self.write("core/long.cc", "\n" * 301)
        self.write("tests/core/long_test.cc", "\n" * 500)
        self.assertEqual(list(too_long(self.root)), ["core/long.cc: 301 lines, at most 300"])


if __name__ == "__main__":
    unittest.main()
