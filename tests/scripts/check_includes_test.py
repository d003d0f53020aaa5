#!/usr/bin/env python3
"""Shows that scripts/check_includes can fail: one small tree for each kind of fault."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check_includes"

GUARD = "#ifndef SPATE_COMPILER_SYNTAX_ANTLR_B_H_\n#define SPATE_COMPILER_SYNTAX_ANTLR_B_H_\n#endif\n"

# (what it shows, {path: text}, words that the message must hold; none: the tree is accepted)
CASES = [
    ("own folder, base and Abseil",
     {"runtime/model/a.cc": '#include "runtime/model/b.h"\n#include "runtime/base/c.h"\n'
                            '#include "absl/strings/string_view.h"\n#include <vector>\n'}, []),
    ("the runtime does not know the compiler",
     {"runtime/engine/a.cc": '#include "compiler/compile.h"\n'},
     ["runtime/engine/a.cc:1", "may not include compiler/compile.h"]),
    ("lower does not know the syntax",
     {"compiler/lower/a.cc": '\n#include "compiler/syntax/ast.h"\n'},
     ["compiler/lower/a.cc:2", "may not include"]),
    ("windows knows nothing", {"windows/a.cc": '#include "runtime/model/value.h"\n'}, ["windows/a.cc:1"]),
    ("a single header is allowed", {"runtime/model/a.cc": '#include "windows/time.h"\n'}, []),
    ("but not its folder", {"runtime/model/a.cc": '#include "windows/timers.h"\n'}, ["windows/timers.h"]),
    ("channels stay a leaf", {"runtime/engine/a.cc": '#include "runtime/channels/csv.h"\n'}, ["csv.h"]),
    ("ANTLR in its folder", {"compiler/syntax/antlr/a.cc": '#include "antlr4-runtime.h"\n'
                                                           '#include "SpateParser.h"\n'}, []),
    ("ANTLR elsewhere", {"compiler/syntax/a.cc": '#include "antlr4-runtime.h"\n'}, ["only compiler/syntax/antlr/"]),
    ("ANTLR through a header", {"compiler/syntax/antlr/b.h": GUARD + '#include "SpateLexer.h"\n',
                                "compiler/syntax/a.cc": '#include "compiler/syntax/antlr/b.h"\n'},
     ["compiler/syntax/a.cc: compiler/syntax/antlr/b.h brings ANTLR out"]),
    ("a header in ANTLR's folder without it",
     {"compiler/syntax/antlr/b.h": GUARD, "compiler/syntax/a.cc": '#include "compiler/syntax/antlr/b.h"\n'}, []),
    ("ANTLR's headers beside the grammar", {"grammar/a.h": '#include "atn/ATN.h"\n'}, []),
    ("the grammar knows nothing of ours", {"grammar/a.h": '#include "windows/time.h"\n'}, ["grammar may not"]),
    ("generated code elsewhere", {"compiler/check/a.cc": '#include "SpateLexer.h"\n'}, ["SpateLexer.h"]),
    ("RE2 in regex.cc", {"runtime/base/regex.cc": "#include <re2/re2.h>\n"}, []),
    ("RE2 elsewhere", {"runtime/expr/a.cc": "#include <re2/re2.h>\n"}, ["only runtime/base/regex.cc"]),
    ("relative includes", {"windows/a.cc": '#include "time.h"\n'}, ["repository's root"]),
    ("our header in angle brackets", {"cli/a.cc": "#include <compiler/compile.h>\n"}, ["in quotes"]),
    ("a wrong guard", {"windows/a.h": "#ifndef A_H\n#define A_H\n#endif\n"}, ["SPATE_WINDOWS_A_H_"]),
    ("a right guard",
     {"windows/a.h": "#ifndef SPATE_WINDOWS_A_H_\n#define SPATE_WINDOWS_A_H_\n#endif\n"}, []),
    ("an unknown folder", {"runtime/extra/a.cc": '#include "runtime/base/a.h"\n'}, ["no rule says"]),
    ("an empty tree", {}, ["no source files"]),
]


class CheckIncludesTest(unittest.TestCase):
    def run_on(self, files):
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                file = pathlib.Path(root, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            return subprocess.run([sys.executable, SCRIPT, "--root", root], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def test_cases(self):
        for name, files, words in CASES:
            with self.subTest(name):
                result = self.run_on(files)
                self.assertEqual(result.returncode, 1 if words else 0, result.stdout)
                for word in words:
                    self.assertIn(word, result.stdout)

    def test_cycle(self):
        result = self.run_on({"tests/a/a.cc": "", "runtime/match/a.cc": '#include "runtime/engine/a.h"\n',
                              "runtime/engine/a.cc": '#include "runtime/match/a.h"\n'})
        self.assertEqual(result.returncode, 1)
        self.assertIn("include each other: runtime/engine -> runtime/match -> runtime/engine",
                      result.stdout)


if __name__ == "__main__":
    unittest.main()
