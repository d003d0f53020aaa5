#!/usr/bin/env python3
"""The demo's events, judged without Spate: generate_events_test.py PROGRAM.

Same seed, same bytes; rows in order of time; and what the program says it hid is what plain loops
over the rows find.
"""

import csv
import itertools
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = None


def generate(folder, events, seed):
    result = subprocess.run([PROGRAM, "--events", str(events), "--seed", str(seed), folder],
                            text=True, stdout=subprocess.PIPE, check=True)
    return {name: int(count) for name, count in map(str.split, result.stdout.splitlines())}


def rows(folder, name):
    with pathlib.Path(folder, name).open(newline="") as file:
        return list(csv.DictReader(file))


def by(items, key):
    return [list(g) for _, g in itertools.groupby(sorted(items, key=lambda r: r[key]),
                                                  key=lambda r: r[key])]


class GenerateEventsTest(unittest.TestCase):
    def test_same_seed_same_bytes(self):
        with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
            self.assertEqual(generate(a, 5000, 3), generate(b, 5000, 3))
            for name in ("logins.csv", "payments.csv"):
                first = pathlib.Path(a, name).read_bytes()
                self.assertEqual(first, pathlib.Path(b, name).read_bytes())
            generate(b, 5000, 4)
            self.assertNotEqual(first, pathlib.Path(b, "payments.csv").read_bytes())

    def test_hidden(self):
        with tempfile.TemporaryDirectory() as folder:
            hidden = generate(folder, 200_000, 1)
            logins, payments = rows(folder, "logins.csv"), rows(folder, "payments.csv")
        for table in (logins, payments):
            times = [r["ts"] for r in table]
            self.assertEqual(times, sorted(times))
        self.assertEqual(len(logins) + len(payments), hidden["events"])
        self.assertGreaterEqual(hidden["events"], 200_000)

        broken_into = {}
        for of_user in by(logins, "user"):
            failures = 0
            for row in of_user:
                if row["ok"] == "true" and failures >= 5:
                    broken_into[row["user"]] = row["ts"]
                failures = 0 if row["ok"] == "true" else failures + 1
        self.assertEqual(len(broken_into), hidden["break_in"])
        self.assertEqual(sum(1 for r in payments if float(r["amount"]) > 900
                             and r["ts"] > broken_into.get(r["user"], "9")), hidden["takeover"])
        self.assertEqual(sum(1 for g in by(payments, "card")
                             if sum(float(r["amount"]) < 2 for r in g) >= 5), hidden["card_test"])
        self.assertGreater(hidden["card_test"], 1)

    def test_usage(self):
        for args in ([], ["--events", "0", "."], ["a", "b"], ["--what"]):
            result = subprocess.run([PROGRAM, *args], stderr=subprocess.DEVNULL, check=False)
            self.assertEqual(result.returncode, 2, args)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
