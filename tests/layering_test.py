#!/usr/bin/env python3
"""layering.py finds what is forbidden, and nothing else."""

import os
import sys
import tempfile
import unittest

import layering

FORBIDDEN = [
    ("core/graph/a.cpp", "#include <QString>", "Qt"),
    ("core/graph/a.cpp", "#include <QtCore/QString>", "Qt"),
    ("core/graph/a.cpp", "  #  include <torch/torch.h>", "libtorch"),
    ("core/codegen/a.cpp", "#include <ATen/ATen.h>", "libtorch"),
    ("core/evaluation/protocol/a.h", "#include <c10/core/Device.h>", "libtorch"),
    ("core/symbolic/a.h", '#include "core/graph/pgraph.h"', "core/symbolic may not include core/graph"),
    ("core/lowering/a.h", '#include "core/synthesis/move.h"', "core/lowering may not include core/synthesis"),
    ("core/store/a.h", '#include "core/symbolic/size.h"', "core/store may not include core/symbolic"),
    ("core/experiment/a.h", '#include "core/nn/module.h"', "core/experiment may not include core/nn"),
    ("core/experiment/a.h", '#include "core/evaluation/worker.h"', "core/experiment may not include core/evaluation"),
    ("core/experiment/a.h", '#include "core/cluster/slurm.h"', "core/experiment may not include core/cluster"),
    ("core/graph/a.h", '#include "app/cli/command.h"', "core/graph may not include app/cli"),
    ("core/graph/a.h", '#include "pgraph.h"', "repository's root"),
    ("core/graph/a.h", '#include "../symbolic/size.h"', "repository's root"),
    ("widgets/tree/a.h", '#include "core/search/tree.h"', "widgets may not include"),
    ("widgets/tree/a.h", '#include "core/synthesis/synthesizer.h"', "widgets may not include"),
    ("widgets/candidates/a.h", '#include "core/store/store.h"', "widgets may not include"),
    ("widgets/candidates/a.h", "#include <sqlite3.h>", "SQL"),
    ("widgets/plots/a.h", "#include <torch/types.h>", "libtorch"),
    ("core/codegen/a.cpp", "#include <Halide.h>", "Halide belongs"),
    ("core/codegen/a.cpp", '#include "core/halide/kernel.h"', "may not include core/halide"),
    ("app/workbench/a.cpp", '#include "core/nn/module.h"', "not linked with libtorch"),
    ("app/workbench/a.cpp", '#include "core/evaluation/worker.h"', "not linked with libtorch"),
    ("app/cli/a.cpp", "#include <QCoreApplication>", "Qt"),
    ("app/cli/a.cpp", '#include "app/workbench/session.h"', "app/cli may not include app/workbench"),
]

ALLOWED = [
    ("core/graph/a.cpp", "#include <vector>"),
    ("core/graph/a.cpp", '#include "core/base/error.h"'),
    ("core/graph/a.cpp", '// the words "#include <QString>" in a comment'),
    ("core/nn/a.cpp", "#include <torch/torch.h>"),
    ("core/halide/a.h", "#include <Halide.h>"),
    ("core/evaluation/a.cpp", '#include "core/evaluation/protocol/protocol.h"'),
    ("core/evaluation/a.cpp", '#include "core/nn/module.h"'),
    ("core/store/a.cpp", "#include <sqlite3.h>"),
    ("core/search/a.cpp", '#include "core/graph/pgraph.h"'),
    ("widgets/tree/a.cpp", '#include "core/search/published.h"'),
    ("widgets/tree/a.cpp", '#include "widgets/common/theme.h"'),
    ("widgets/tree/a.cpp", "#include <QWidget>"),
    ("widgets/tree/a.cpp", '#include "moc_a.cpp"'),
    ("app/workbench/a.cpp", '#include "core/evaluation/protocol/protocol.h"'),
    ("app/workbench/a.cpp", "#include <QApplication>"),
    ("app/cli/a.cpp", '#include "core/evaluation/worker.h"'),
]


class Layering(unittest.TestCase):
    def test_finds_every_forbidden_include(self):
        rooted = lambda path: path.startswith(("core/", "widgets/", "app/"))
        for path, line, reason in FORBIDDEN:
            with self.subTest(path=path, line=line):
                found = layering.check_text(path, "// a file\n" + line + "\n", rooted)
                self.assertEqual(len(found), 1)
                self.assertEqual(found[0][0], 2)
                self.assertIn(reason, found[0][2])

    def test_lets_pass_what_is_allowed(self):
        for path, line in ALLOWED:
            with self.subTest(path=path, line=line):
                self.assertEqual(layering.check_text(path, line + "\n", lambda _: True), [])

    def test_reads_a_whole_tree_and_names_file_and_line(self):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, "core/base"))
            self.assertIn("no sources", layering.check_tree(root)[0])
            with open(os.path.join(root, "core/base/a.h"), "w", encoding="utf-8") as file:
                file.write("#pragma once\n\n#include <QString>\n")
            self.assertTrue(layering.check_tree(root)[0].startswith("core/base/a.h:3: QString"))

    def test_finds_two_types_of_one_name(self):
        with tempfile.TemporaryDirectory() as root:
            for room, text in (("base", "namespace a {\nstruct T\n{\n};\n}\n"), ("graph", "namespace a {\nclass T\n{\n};\n}\n"),
                               ("lowering", "namespace a {\nnamespace {\nstruct T\n{\n};\n} // namespace\n}\n")):
                os.makedirs(os.path.join(root, "core", room))
                with open(os.path.join(root, "core", room, "t.cpp"), "w", encoding="utf-8") as file:
                    file.write(text)
            self.assertEqual(layering.check_tree(root), ["core/graph/t.cpp: a::T is also defined in core/base/t.cpp"])

    def test_reads_which_libraries_a_program_needs(self):
        self.assertTrue(any(name.startswith("libc.so") for name in layering.needed_libraries(os.path.realpath(sys.executable))))
        self.assertEqual(layering.check_program(os.path.realpath(sys.executable), ("libQt",)), [])
        self.assertTrue(layering.check_program(os.path.realpath(sys.executable), ("libc.so",)))


if __name__ == "__main__":
    unittest.main()
