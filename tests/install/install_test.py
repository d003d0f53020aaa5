#!/usr/bin/env python3
"""Installs the build into a folder of its own and builds examples/embed against it.

install_test.py BUILD_DIR CMAKE COMPILER: once through the CMake package, once through pkg-config; the
programs must print what their rules derive, and the installed `spate` must answer --version.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPECTED = "ann after 3 tries\n"
EXPECTED_LOOKUPS = "c1 level 3 from event 2\n"


def run(*command, **options):
    print("+", *command, flush=True)
    result = subprocess.run([str(c) for c in command], text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, check=False, **options)
    if result.returncode != 0:
        sys.exit(f"{result.stdout}\nfailed with {result.returncode}")
    return result.stdout


def expect(name, got, wanted):
    if got != wanted:
        sys.exit(f"{name}: expected {wanted!r}, got {got!r}")
    print(f"{name}: as expected")


def check_headers(prefix):
    """Every public header of the tree is there, and none of ANTLR's folder."""
    installed = {p.relative_to(prefix / "include/spate").as_posix()
                 for p in (prefix / "include/spate").rglob("*.h")}
    for wanted in ("compiler/compile.h", "runtime/engine/engine.h", "runtime/model/value.h"):
        if wanted not in installed:
            sys.exit(f"header {wanted} is not installed")
    for header in installed:
        if header.startswith("compiler/syntax/antlr"):
            sys.exit(f"private header {header} is installed")


def build_with_cmake(cmake, compiler, prefix, build):
    run(cmake, "-S", ROOT / "examples/embed", "-B", build, "-G", "Ninja",
        f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={compiler}",
        "-DCMAKE_BUILD_TYPE=Release")
    run(cmake, "--build", build)
    return build / "embed"


def build_with_pkg_config(compiler, prefix, program):
    env = dict(os.environ, PKG_CONFIG_PATH=str(next(prefix.rglob("spate.pc")).parent))
    flags = run("pkg-config", "--cflags", "--libs", "spate", env=env).split()
    run(compiler, "-std=c++20", ROOT / "examples/embed/main.cc", "-o", program, *flags)
    return program


def main():
    build_dir, cmake, compiler = sys.argv[1:]
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="spate_install_"))
    try:
        prefix = scratch / "prefix"
        run(cmake, "--install", build_dir, "--prefix", prefix)
        check_headers(prefix)
        expect("cmake package", run(build_with_cmake(cmake, compiler, prefix, scratch / "build")),
               EXPECTED)
        expect("functions and tables", run(scratch / "build/lookups"), EXPECTED_LOOKUPS)
        expect("pkg-config", run(build_with_pkg_config(compiler, prefix, scratch / "embed_pc")),
               EXPECTED)
        version = run(prefix / "bin/spate", "--version")
        if "spate" not in version:
            sys.exit(f"--version printed {version!r}")
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
