#!/usr/bin/env python3
"""Runs the shipped rules over their recorded excerpts: rule_packs_test.py SPATE.

Beside each rules/<pack>/<name>.spate that has rules stand <name>_events.csv or .jsonl and
<name>_expected.jsonl. `spate check` must accept the file without a word of warning, `spate run` must
print exactly the expected lines, and every rule must be seen in one of them. Beside it stands
<name>_test.spate too: these tests hold, and try every part of every rule. All files are laid out
as `spate fmt` does it.
"""

import json
import math
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPATE = None


def run(*args):
    return subprocess.run([SPATE, *map(str, args)], text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, cwd=ROOT)


def same(got, wanted):
    """Equal as JSON, order of attributes included; floats up to rounding of sums."""
    if isinstance(wanted, float):
        return isinstance(got, float) and math.isclose(got, wanted, rel_tol=1e-9)
    if isinstance(wanted, dict):
        return isinstance(got, dict) and list(got) == list(wanted) and all(
            same(got[k], wanted[k]) for k in wanted)
    return type(got) is type(wanted) and got == wanted


def rule_names(path):
    return re.findall(r"^rule (\w+)", path.read_text(), re.M)


class RulePacksTest(unittest.TestCase):
    def test_all_packs(self):
        packs = [p for p in sorted(ROOT.glob("rules/*/*.spate"))
                 if rule_names(p) and not p.stem.endswith("_test")]
        self.assertGreaterEqual(len(packs), 5)
        for path in packs:
            with self.subTest(path.relative_to(ROOT).as_posix()):
                self.check_pack(path)

    def check_pack(self, path):
        checked = run("check", path)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertNotIn("warning", checked.stdout + checked.stderr)

        events = [p for p in path.parent.glob(f"{path.stem}_events.*")]
        self.assertEqual(len(events), 1, "one recorded excerpt a file")
        result = run("run", path, events[0])
        self.assertEqual(result.returncode, 0, result.stderr)
        got = [json.loads(line) for line in result.stdout.splitlines()]
        expected = path.with_name(f"{path.stem}_expected.jsonl").read_text().splitlines()
        wanted = [json.loads(line) for line in expected]
        for i, (g, w) in enumerate(zip(got, wanted)):
            self.assertTrue(same(g, w), f"line {i + 1}:\n  got    {g}\n  wanted {w}")
        self.assertEqual(len(got), len(wanted), result.stdout)
        seen = {w["rule"] for w in wanted}
        for name in rule_names(path):
            self.assertIn(name, seen, "a rule that the excerpt does not exercise")

    def test_usual_layout(self):
        formatted = run("fmt", "--check", *sorted(ROOT.glob("rules/*/*.spate")))
        self.assertEqual(formatted.returncode, 0, formatted.stdout + formatted.stderr)

    def test_every_pack_has_tests(self):
        for path in ROOT.glob("rules/*/*.spate"):
            if rule_names(path) and not path.stem.endswith("_test"):
                self.assertTrue(path.with_name(f"{path.stem}_test.spate").exists(), path)

    def test_tests_hold_and_cover_the_rules(self):
        result = run("test", "rules", "--coverage", "--format", "json")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(result.stderr, "", "no warning")
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertGreaterEqual(sum("test" in line for line in lines), 35)
        covered = {line["coverage"]: line for line in lines if "coverage" in line}
        for path in ROOT.glob("rules/*/*.spate"):
            for name in [] if path.stem.endswith("_test") else rule_names(path):
                self.assertIn(name, covered, "a rule without a test")
                never = [g for g in covered[name]["goals"] if 0 in g.values()]
                self.assertEqual(covered[name]["percent"], 100, never)


class SameTest(unittest.TestCase):
    """The comparison itself can fail."""

    def test_same(self):
        self.assertTrue(same({"a": 1, "b": 0.1 + 0.2}, {"a": 1, "b": 0.3}))
        for got in ({"a": 2}, {"a": 1.0}, {"a": True}, {"b": 1}, {"a": 1, "b": 1}, [1], None):
            self.assertFalse(same(got, {"a": 1}), got)
        self.assertFalse(same({"b": 1, "a": 1}, {"a": 1, "b": 1}))
        self.assertFalse(same(1.001, 1.0))


if __name__ == "__main__":
    SPATE = sys.argv.pop(1)
    unittest.main()
