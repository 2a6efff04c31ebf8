#!/usr/bin/env python3
"""The boards in deploy/grafana/dashboards are what boards.py writes, and have what a reader of a board needs.

Their queries are tested by tests/integration/grafana_test.cc.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

GRAFANA = pathlib.Path(__file__).resolve().parent.parent / "deploy" / "grafana"


def boards():
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((GRAFANA / "dashboards").glob("*.json"))]


def panels():
    return [(board, panel) for board in boards() for panel in board["panels"]]


def cells(panel):
    place = panel["gridPos"]
    return {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}


class Boards(unittest.TestCase):
    def test_are_what_the_generator_writes(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-B", str(GRAFANA / "boards.py"), folder], check=True)
            written = {path.name: path.read_text(encoding="utf-8") for path in pathlib.Path(folder).iterdir()}
        kept = {path.name: path.read_text(encoding="utf-8") for path in (GRAFANA / "dashboards").iterdir()}
        self.assertEqual(sorted(kept), sorted(written))
        self.assertEqual([name for name in kept if kept[name] != written[name]], [], "run deploy/grafana/boards.py")

    def test_uids_and_panel_ids_are_unique(self):
        uids = [board["uid"] for board in boards()]
        self.assertEqual(len(set(uids)), len(uids))
        for board in boards():
            ids = [panel["id"] for panel in board["panels"]]
            self.assertEqual(len(set(ids)), len(ids), board["title"])

    def test_panels_lie_side_by_side_on_the_grid(self):
        for board in boards():
            taken = [cell for panel in board["panels"] for cell in cells(panel)]
            self.assertEqual(len(set(taken)), len(taken), board["title"])
            self.assertLessEqual(max(x for x, _ in taken), 23, board["title"])

    def test_every_panel_says_what_it_means_in_which_unit(self):
        for board, panel in panels():
            where = f"{board['title']}: {panel['title']}"
            self.assertTrue(panel["description"].endswith("."), where)
            self.assertTrue(panel["fieldConfig"]["defaults"]["unit"], where)
            if panel["type"] == "timeseries":
                self.assertTrue(all(target["legendFormat"] for target in panel["targets"]), where)

    def test_the_first_data_source_is_the_provisioned_one(self):
        provisioned = (GRAFANA / "provisioning" / "datasources" / "floorwatch.yaml").read_text(encoding="utf-8")
        uid = re.search(r"^ +uid: (\S+)$", provisioned, re.MULTILINE).group(1)
        for board in boards():
            self.assertEqual(board["templating"]["list"][0]["current"]["value"], uid, board["title"])
            used = set(re.findall(r'"uid": "([^"]*)"', json.dumps([board["panels"], board["templating"]])))
            self.assertEqual(used, {"${datasource}"}, board["title"])

    def test_no_percentage_is_a_threshold(self):
        """Levels are judged against the contract's target: colours begin at nothing, at 0 or at the first one too many."""
        for board, panel in panels():
            steps = re.findall(r'"value": (null|[-\d.]+)', json.dumps(re.findall(r'"steps": \[.*?\]', json.dumps(panel))).replace("\\", ""))
            self.assertLessEqual(set(steps), {"null", "0", "1"}, f"{board['title']}: {panel['title']}")


if __name__ == "__main__":
    unittest.main()
