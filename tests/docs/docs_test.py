#!/usr/bin/env python3
"""Keeps README.md and docs/ true: docs_test.py SPATE.

Fenced blocks, by the word after the fence:
  spate            a rule file that `spate check` must accept. A comment `<!-- given -->` makes the
                   next such block a prelude that stands before every later one of the page.
  spate refused    .. that `spate check` must refuse with exit code 2
  LANG file=NAME   is also written to NAME, for the commands of the page
  console          lines after `$ ` are run in the folder of those files, and must print what follows
                   (`...` stands for any lines); `spate` is the built one
  cpp in=FILE      stands in that file of the repository, but for how far it is indented
Links to files of the repository must lead somewhere.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPATE = None
FENCE = re.compile(r"^(?P<given><!-- given -->\n)?```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def blocks(text):
    """(line, given, words after the fence, body) of each fenced block."""
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield line, found["given"] is not None, found["info"].split(), found["body"]


def commands(body):
    """(command, expected output) of a console block."""
    for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
        while part.partition("\n")[0].endswith("\\"):
            part = part.replace("\\\n", "", 1)
        command, _, output = part.partition("\n")
        yield command, output


def dedented(text):
    return "".join(line.lstrip() + "\n" for line in text.splitlines())


def prints(got, wanted):
    """Whether `got` is `wanted`, where a line `...` stands for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n"
                      for line in wanted.splitlines())
    return re.fullmatch(pattern, got) is not None


def run(command, folder, **options):
    env = dict(os.environ, PATH=f"{pathlib.Path(SPATE).parent}:{os.environ['PATH']}", TZ="UTC")
    return subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          check=False, cwd=folder, env=env, **options)


class DocsTest(unittest.TestCase):
    def test_pages(self):
        pages = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
        self.assertGreaterEqual(len(pages), 6)
        checked = 0
        for page in pages:
            with tempfile.TemporaryDirectory() as folder:
                checked += self.check_page(page, pathlib.Path(folder))
        self.assertGreaterEqual(checked, 29)

    def check_page(self, page, folder):
        text, prelude, checked = page.read_text(), "", 0
        for target in LINK.findall(FENCE.sub("", text)):
            self.assertTrue((page.parent / target).exists(), f"{page.name}: {target} leads nowhere")
        for line, given, info, body in blocks(text):
            place = f"{page.relative_to(ROOT)}:{line}"
            for name in (w[5:] for w in info if w.startswith("file=")):
                (folder / name).write_text(body)
            if info[:1] == ["spate"]:
                checked += 1
                wanted = 2 if "refused" in info else 0
                alone = any(w.startswith("file=") for w in info)
                with self.subTest(place):
                    self.check_rules(body if alone else prelude + body, folder, wanted)
                prelude += body if given else ""
            for name in (w[3:] for w in info if w.startswith("in=")):
                checked += 1
                with self.subTest(place):
                    self.assertIn(dedented(body), dedented((ROOT / name).read_text()))
            if info[:1] == ["console"]:
                checked += 1
                for command, output in commands(body):
                    with self.subTest(f"{place} $ {command}"):
                        got = run(command, folder, shell=True).stdout
                        self.assertTrue(prints(got, output), f"printed:\n{got}")
        return checked

    def check_rules(self, rules, folder, wanted):
        tests = re.search(r'^test "', rules, re.M)
        file = folder / ("block_of_the_page_test.spate" if tests else "block_of_the_page.spate")
        file.write_text(rules)
        result = run([SPATE, "check", file], folder, stderr=subprocess.STDOUT)
        file.unlink()  # `spate test` finds what is there
        self.assertEqual(result.returncode, wanted, result.stdout)


class SelfTest(unittest.TestCase):
    """The reading of pages itself."""

    def test_blocks(self):
        text = "a\n```spate refused\nx\n```\n<!-- given -->\n```spate\ny\n```\n"
        self.assertEqual(list(blocks(text)), [(2, False, ["spate", "refused"], "x\n"),
                                              (5, True, ["spate"], "y\n")])

    def test_commands(self):
        self.assertEqual(list(commands("$ a b\nx\n$ c \\\n  d\ny\nz\n")),
                         [("a b", "x\n"), ("c   d", "y\nz\n")])

    def test_prints(self):
        self.assertTrue(prints("a\nb\nc\n", "a\n...\nc\n"))
        self.assertTrue(prints("", ""))
        for got in ("a\nb\n", "b\nc\n", "a\nb\ncc\n"):
            self.assertFalse(prints(got, "a\n...\nc\n"), got)


if __name__ == "__main__":
    SPATE = sys.argv.pop(1)
    unittest.main()
