#!/usr/bin/env python3
"""Rules of other systems, rewritten and run: scenarios_test.py SPATE.

Each folder <system>/<name>/ holds rules.spate, events.jsonl and expected.jsonl. The head comment of
the rules says what they are for, where they come from ("From: ..") and, where ours differs on
purpose, how. The expected lines were worked out by hand from the other system's meaning; machine/
holds small cases of ours in which the engine was once wrong. `spate check` must have nothing to say,
`spate run` must take every event and print exactly these lines, also when it holds events back, and
every rule must be seen in one of them. A head comment line "Run with: `--at-end advance`" adds
options.
"""

import json
import math
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent
SPATE = None
SYSTEMS = ("eql", "esper", "flink_cep", "machine", "match_recognize")


def run(*args):
    return subprocess.run([SPATE, *map(str, args)], text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


def read_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def same(got, wanted):
    """Equal as JSON, order of attributes included; floats up to rounding."""
    if isinstance(wanted, float):
        return isinstance(got, float) and math.isclose(got, wanted, rel_tol=1e-9)
    if isinstance(wanted, dict):
        return isinstance(got, dict) and list(got) == list(wanted) and all(
            same(got[k], wanted[k]) for k in wanted)
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(map(same, got, wanted))
    return type(got) is type(wanted) and got == wanted


def difference(got, wanted):
    """The first line on which the two differ, in words; empty where they agree."""
    for i in range(max(len(got), len(wanted))):
        g, w = (lines[i] if i < len(lines) else None for lines in (got, wanted))
        if g is None or w is None or not same(g, w):
            return f"line {i + 1}:\n  got    {json.dumps(g)}\n  wanted {json.dumps(w)}"
    return ""


class Scenario:
    def __init__(self, folder):
        self.folder = folder
        self.rules = folder / "rules.spate"
        self.text = self.rules.read_text()
        self.head = re.match(r"(?://.*\n)*", self.text)[0]
        options = re.search(r"^// Run with: `(.*)`$", self.head, re.M)
        self.options = options[1].split() if options else []
        self.names = re.findall(r"^rule (\w+)", self.text, re.M)


class ScenariosTest(unittest.TestCase):
    def test_all(self):
        for system in SYSTEMS:
            folders = [p.parent for p in sorted(ROOT.glob(f"{system}/*/rules.spate"))]
            self.assertGreater(len(folders), 0, system)
            for folder in folders:
                with self.subTest(folder.relative_to(ROOT).as_posix()):
                    self.check(Scenario(folder))

    def check(self, scenario):
        self.assertIn("// From: ", scenario.head)
        checked = run("check", scenario.rules)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertNotIn("warning", checked.stdout + checked.stderr)

        result = run("run", scenario.rules, scenario.folder / "events.jsonl", *scenario.options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotRegex(result.stderr, r"reject|ignored", "every event is read")
        wanted = read_lines(scenario.folder / "expected.jsonl")
        got = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(difference(got, wanted), "")
        late = run("run", scenario.rules, scenario.folder / "events.jsonl", *scenario.options,
                   "--lateness", "1h")
        self.assertEqual(late.stdout, result.stdout, "held back for an hour")
        seen = {event["rule"] for event in wanted}
        for name in scenario.names:
            self.assertIn(name, seen, "a rule that reports nothing")


class DifferenceTest(unittest.TestCase):
    """The comparison itself can fail."""

    def test_difference(self):
        self.assertEqual(difference([{"a": 1.0, "b": [1]}], [{"a": 1.0000000000001, "b": [1]}]), "")
        for got, wanted in (([{"a": 1}], [{"a": 1.0}]), ([{"a": 1}], [{"a": True}]), ([], [{}]),
                            ([{}], []), ([{"a": [1, 2]}], [{"a": [1]}]),
                            ([{"a": 1, "b": 2}], [{"b": 2, "a": 1}])):
            self.assertNotEqual(difference(got, wanted), "", (got, wanted))


if __name__ == "__main__":
    SPATE = sys.argv.pop(1)
    unittest.main()
