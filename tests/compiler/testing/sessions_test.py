#!/usr/bin/env python3
"""Plays the sessions of rule tests: sessions_test.py SPATE.

Each folder below cases/ has rules, tests and session.txt: lines after `$ ` are run in a copy of the
folder, and must print what follows, words of standard error included; `[exit N]` ends the output of a
command that did not end with 0. SPATE_UPDATE=1 in the environment writes what is printed.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

CASES = pathlib.Path(__file__).resolve().parent / "cases"
SPATE = None


def play(command, folder):
    env = dict(os.environ, PATH=f"{pathlib.Path(SPATE).parent}:{os.environ['PATH']}", TZ="UTC")
    result = subprocess.run(["bash", "-o", "pipefail", "-c", command], text=True, cwd=folder, env=env,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, check=False)
    end = f"[exit {result.returncode}]\n" if result.returncode != 0 else ""
    return f"$ {command}\n{result.stdout}{end}"


class SessionsTest(unittest.TestCase):
    maxDiff = None

    def test_sessions(self):
        folders = sorted(p for p in CASES.iterdir() if (p / "session.txt").exists())
        self.assertGreaterEqual(len(folders), 8)
        for folder in folders:
            with self.subTest(folder.name), tempfile.TemporaryDirectory() as temporary:
                copy = pathlib.Path(temporary) / folder.name
                shutil.copytree(folder, copy)
                session = folder / "session.txt"
                wanted = session.read_text()
                commands = re.findall(r"^\$ (.*)$", wanted, re.M)
                got = "".join(play(command, copy) for command in commands)
                if os.environ.get("SPATE_UPDATE"):
                    session.write_text(got)
                self.assertEqual(got, wanted)


if __name__ == "__main__":
    SPATE = sys.argv.pop(1)
    unittest.main()
