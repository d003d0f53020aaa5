#!/usr/bin/env python3
"""Runs the ssh and temperature rules over real recordings and counts again without Spate.

real_data_test.py SPATE [DATA_DIR]: DATA_DIR (default ../shared/data beside the checkout) holds
openssh/openssh.csv and nab/machine_temperature.csv, which the project does not carry; where they are
absent the test is skipped. The expected answers are computed here, from the CSV alone, by plain loops
and by awk: times and values are compared, not only counts.
"""

import csv
import datetime
import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPATE = None
DATA = ROOT.parent / "shared" / "data"
MINUTE = datetime.timedelta(minutes=1)
HOUR = 60 * MINUTE


def run_rules(rules, *args):
    result = subprocess.run([SPATE, "run", ROOT / "rules" / rules, *map(str, args)], text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False)
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    by_rule = {}
    for line in result.stdout.splitlines():
        event = json.loads(line)
        by_rule.setdefault(event["rule"], []).append(event)
    return by_rule, result.stderr


def parse_time(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "").replace(" ", "T"))


def awk(program, path):
    return subprocess.run(["awk", "-F,", program, path], text=True, stdout=subprocess.PIPE,
                          check=True).stdout


class OpensshTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.path = DATA / "openssh/openssh.csv"
        cls.found, cls.summary = run_rules("ssh/password_guessing.spate",
                                           "--events", f"SshLine={cls.path}")
        cls.lines = {}  # address -> [(time, is a failure, is a warning)]
        with cls.path.open(newline="") as file:
            for row in csv.DictReader(file):
                text = row["text"]
                failure = text.startswith("Failed password for ")
                warning = text.endswith("POSSIBLE BREAK-IN ATTEMPT!")
                address = re.search(r"(?:from |\[)(\d+\.\d+\.\d+\.\d+)", text)
                if address and (failure or warning):
                    cls.lines.setdefault(address[1], []).append(
                        (parse_time(row["ts"]), failure, warning))

    def test_password_guessing(self):
        wanted = []
        for address, lines in self.lines.items():
            times = [t for t, failure, _ in lines if failure]
            i = 0
            while i < len(times):
                inside = [t for t in times[i:] if t - times[i] <= MINUTE]
                if len(inside) >= 5:
                    wanted.append((address, times[i], len(inside)))
                    i += len(inside)
                else:
                    i += 1
        got = [(e["address"], parse_time(e["since"]), e["tries"])
               for e in self.found["password_guessing"]]
        self.assertEqual(sorted(got), sorted(wanted))
        self.assertGreater(len(wanted), 20)

    def test_no_address_is_missed(self):
        """awk: addresses with five failures, each at most a minute after the fourth before it."""
        guessing = awk(r'''
            /,Failed password for / && match($0, /from [0-9.]+/) {
              a = substr($0, RSTART + 5, RLENGTH - 5); n[a]++
              split(substr($1, 12, 8), h, ":"); t[a, n[a]] = h[1] * 3600 + h[2] * 60 + h[3]
              if (n[a] >= 5 && t[a, n[a]] - t[a, n[a] - 4] <= 60) hit[a] = 1
            }
            END { for (a in hit) print a }''', self.path).split()
        self.assertEqual(sorted({e["address"] for e in self.found["password_guessing"]}),
                         sorted(guessing))

    def test_warned_then_failed(self):
        wanted = []
        for address, lines in self.lines.items():
            next_start = 0
            for i, (warned, _, warning) in enumerate(lines):
                if not warning or i < next_start:
                    continue
                tries = [k for k in range(i + 1, len(lines))
                         if lines[k][1] and lines[k][0] - warned <= 5 * MINUTE]
                if tries:
                    wanted.append((address, warned, len(tries)))
                    next_start = tries[-1] + 1
        got = [(e["address"], parse_time(e["warned"]), e["tries"])
               for e in self.found["warned_then_failed"]]
        self.assertEqual(sorted(got), sorted(wanted))
        self.assertGreaterEqual(len(wanted), 5)

    def test_nobody_got_in(self):
        accepted = awk('/,Accepted / { n++ } END { print n + 0 }', self.path)
        self.assertEqual(accepted.strip(), "1")  # and not from an address that guessed
        self.assertNotIn("guessed_password", self.found)


class TemperatureTest(unittest.TestCase):
    """The recording goes back by an hour once: eleven readings are late unless they are waited for."""

    @classmethod
    def setUpClass(cls):
        cls.path = DATA / "nab/machine_temperature.csv"
        cls.found, cls.summary = run_rules("temperature/machine_temperature.spate",
                                           "--events", f"Reading={cls.path}")
        with cls.path.open(newline="") as file:
            rows = [(parse_time(r["timestamp"]), float(r["value"])) for r in csv.DictReader(file)]
        cls.rows, cls.late = [], 0
        for time, value in rows:
            if cls.rows and time < cls.rows[-1][0]:
                cls.late += 1
            else:
                cls.rows.append((time, value))

    def test_late(self):
        self.assertEqual(self.late, 11)
        self.assertRegex(self.summary, r"\b11 late\b|late\D+11\b")

    def test_lateness(self):
        found, _ = run_rules("temperature/machine_temperature.spate", "--events",
                             f"Reading={self.path}", "--lateness", "1h")
        readings = sum(e["readings"] for e in found["quarter_hour"])
        self.assertEqual(readings, len(self.rows) + self.late)

    def test_quarter_hours(self):
        quarters = {}
        for time, value in self.rows:
            start = time - datetime.timedelta(minutes=time.minute % 15, seconds=time.second)
            quarters.setdefault(start, []).append(value)
        got = self.found["quarter_hour"]
        self.assertEqual([parse_time(e["start"]) for e in got], sorted(quarters))
        for event, values in zip(got, quarters.values()):
            self.assertEqual((event["readings"], event["low"], event["high"]),
                             (len(values), min(values), max(values)))
            self.assertAlmostEqual(event["mean"], sum(values) / len(values), places=9)

    def test_falling_runs(self):
        values = [value for _, value in self.rows]
        starts = [i for i in range(1, len(values)) if values[i] >= values[i - 1]]
        wanted = [(self.rows[i][0], values[i], values[i + 5], self.rows[i + 5][0])
                  for i in starts if i + 5 < len(values)
                  and all(values[k + 1] < values[k] for k in range(i, i + 5))]
        got = [(parse_time(e["since"]), e["from_value"], e["to_value"], parse_time(e["time"]))
               for e in self.found["falling_run"]]
        self.assertEqual(got, wanted)
        self.assertGreater(len(wanted), 50)

    def test_far_from_mean(self):
        wanted, oldest = [], 0
        for i, (time, value) in enumerate(self.rows):
            while time - self.rows[oldest][0] > HOUR:
                oldest += 1
            hour = [v for _, v in self.rows[oldest:i + 1]]
            if len(hour) >= 6 and abs(value - sum(hour) / len(hour)) > 8.0:
                wanted.append((time, value))
        got = [(parse_time(e["time"]), e["value"]) for e in self.found["far_from_mean"]]
        self.assertEqual(got, wanted)
        self.assertGreater(len(wanted), 20)


if __name__ == "__main__":
    SPATE = sys.argv.pop(1)
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        DATA = pathlib.Path(sys.argv.pop(1))
    if not (DATA / "openssh/openssh.csv").exists():
        print(f"skipped: no recordings in {DATA}")
        sys.exit(77)
    unittest.main(verbosity=2)
