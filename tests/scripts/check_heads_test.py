#!/usr/bin/env python3
"""Shows that scripts/check_heads can fail: one small tree for each kind of fault."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check_heads"

# (what it shows, {path: text}, words that the message must hold; none: the tree is accepted)
CASES = [
    ("a head with its test", {"windows/a.h": "// A.\n// Tested by tests/windows/a_test.cc.\n",
                              "tests/windows/a_test.cc": "", "windows/a.cc": "int a;\n"}, []),
    ("no head", {"runtime/base/a.h": "#ifndef A\n"}, ["runtime/base/a.h: begins without"]),
    ("a source file by itself", {"runtime/base/a.cc": "int a;\n"}, ["runtime/base/a.cc: begins without"]),
    ("no test", {"cli/a.h": "// A: this and that.\n"}, ["cli/a.h: its head names no test"]),
    ("another header's", {"cli/a.h": "// A. See b.h.\n"}, []),
    ("helpers of tests need none", {"tests/cli/a.h": "// A: this and that.\n"}, []),
    ("a test that is gone", {"cli/a.h": "// A. Tested by\n// tests/cli/a_test.cc.\n"},
     ["cli/a.h: there is no tests/cli/a_test.cc"]),
    ("one of two", {"cli/a.h": "// A. Tested by tests/cli/{a,b}_test.cc.\n", "tests/cli/a_test.cc": ""},
     ["there is no tests/cli/b_test.cc"]),
    ("nothing at all", {}, ["no source files"]),
]


class CheckHeadsTest(unittest.TestCase):
    def test_cases(self):
        for name, files, words in CASES:
            with self.subTest(name), tempfile.TemporaryDirectory() as root:
                for path, text in files.items():
                    file = pathlib.Path(root, path)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(text)
                result = subprocess.run([sys.executable, SCRIPT, "--root", root], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
                self.assertEqual(result.returncode, 1 if words else 0, result.stdout)
                for word in words:
                    self.assertIn(word, result.stdout)


if __name__ == "__main__":
    unittest.main()
