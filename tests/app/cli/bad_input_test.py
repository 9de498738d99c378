"""synoscope-cli on bad input: one sentence, in time, with file, line and column, and the right exit status."""

import os
import subprocess
import unittest

from harness import CONV, PROBLEMS, CliTest

# (what to replace in the convolution, by what, a fragment of the sentence, line and column)
OPERATORS = [
    ("pgraph 1", "pgraph 9", "", (1, 8)),
    ("pgraph 1\n", "", "pgraph 1", (1, 1)),
    ("y1, wy = unfold y k", "y1, wy = unfold z k", "z", (7, 17)),
    ("y1, wy = unfold y k", "y1, wy = unfolt y k", "unfolt", (7, 10)),
    ("b = share wx w0.kx", "b = share wy w0.kx", "wy", (10, 11)),
    ("b = share wx w0.kx", "b = share wx w0.c", "", (10, 14)),
    ("reduce a b d", "reduce a b", "d", None),
    ("output n f y1 x1", "output n f y1 x1 x1", "x1", (15, 18)),
    ("coefficient k=3", "coefficient k=0", "", (4, 15)),
    ("coefficient k=3", "coefficient k=three", "", (4, 15)),
    ("input n:N c:C_in y:H x:W", "input n:N c:C_in/k y:H x:W", "", None),
    ("bind N=1 C_in=4", "bind N=1 C_in=-4", "", (16, 15)),
    ("bind N=1 C_in=4 C_out=6 H=5 W=7", "bind N=1 C_in=4 C_out=6 H=5", "W", None),
    ("bind N=1", "bind M=1", "M", (16, 6)),
    ("weight w0 o:C_out", "weight w0 o:C_out o:C_out", "", None),
]


class BadOperators(CliTest):
    def test_each_mistake_is_a_sentence_with_its_place(self):
        for old, new, fragment, place in OPERATORS:
            with self.subTest(new=new):
                self.assertIn(old, CONV)
                self.put("bad.pgraph", CONV.replace(old, new, 1))
                error = self.refused(["check", "bad.pgraph"], fragment, place=place)
                self.assertEqual(error["file"], "bad.pgraph")

    def test_what_is_no_text_at_all(self):
        self.put("empty.pgraph", b"")
        self.put("binary.pgraph", os.urandom(5000))
        self.put("zeros.pgraph", bytes(100_000))
        self.put("line.pgraph", b"a" * 1_000_000)
        self.put("deep.pgraph", "pgraph 1\nprimary H\ninput " + " ".join(f"a{i}:H" for i in range(50_000)))
        with open(self.folder / "huge.pgraph", "wb") as file:
            file.write(b"pgraph 1\n")
            file.truncate(1 << 36)
        (self.folder / "folder.pgraph").mkdir()
        for name in ("empty", "binary", "zeros", "line", "deep", "huge", "folder", "absent"):
            for words in (["check"], ["export", "--format", "pytorch"], ["equal", "conv.pgraph"],
                          ["eval", "--input", "in.npy", "--output", "out.npy"], ["path", "--problem", PROBLEMS[0]]):
                with self.subTest(name=name, command=words[0]):
                    error = self.refused([*words, f"{name}.pgraph"], "")
                    self.assertEqual(error["file"], f"{name}.pgraph")

    def test_a_device_is_not_read_for_ever(self):
        for device in ("/dev/zero", "/dev/null"):
            self.refused(["check", device], device)


class BadProblems(CliTest):
    def test_each_mistake_is_a_sentence(self):
        good = next(path for path in PROBLEMS if "tiny" in path.name).read_text(encoding="utf-8")
        (self.folder / "folder.json").mkdir()
        with open(self.folder / "huge.json", "wb") as file:
            file.truncate(1 << 36)
        self.put("empty.json", b"")
        self.put("binary.json", os.urandom(5000))
        self.put("nested.json", b"[" * 200_000)
        self.put("list.json", b"[]")
        self.put("comma.json", good.rstrip().rstrip("}") + ",}")
        self.put("unknown.json", good.rstrip().rstrip("}").rstrip() + ', "colour": 3}')
        self.put("type.json", good.rstrip().rstrip("}").rstrip() + ', "rules": 7}')
        for name, fragment in (("folder", ""), ("huge", ""), ("empty", ""), ("binary", ""), ("nested", ""), ("list", ""),
                               ("comma", ""), ("unknown", "colour"), ("type", "rules"), ("absent", "")):
            for words in (["sample", "--rollouts", 1], ["path", "conv.pgraph"]):
                with self.subTest(name=name, command=words[0]):
                    error = self.refused([*words, "--problem", f"{name}.json"], fragment)
                    self.assertEqual(error["file"], f"{name}.json")


class BadUsage(CliTest):
    def test_wrong_words_are_a_sentence_and_status_2(self):
        for words, fragment in (
                ([], "No command was given"),
                (["chekc"], "chekc"),
                (["check"], "operator"),
                (["check", "conv.pgraph", "--frobnicate"], "--frobnicate"),
                (["check", "conv.pgraph", "conv.pgraph"], "conv.pgraph"),
                (["equal", "conv.pgraph"], "second"),
                (["export", "conv.pgraph"], "--format"),
                (["export", "conv.pgraph", "--format", "cobol"], "cobol"),
                (["sample", "--problem", PROBLEMS[0]], "--rollouts or --seconds"),
                (["sample", "--problem", PROBLEMS[0], "--rollouts", "0"], "--rollouts"),
                (["sample", "--problem", PROBLEMS[0], "--rollouts", "many"], "--rollouts"),
                (["sample", "--problem", PROBLEMS[0], "--rollouts", "1", "--threads", "-1"], "--threads"),
                (["sample", "--problem", PROBLEMS[0], "--rollouts", "1", "--out", "conv.pgraph"], "folder")):
            with self.subTest(words=words):
                self.refused(words, fragment)


class BadOutput(CliTest):
    def test_a_full_disk_is_a_failure_and_not_silence(self):
        self.refused(["export", "conv.pgraph", "--format", "dot", "-o", "/dev/full"], "cannot be written", status=3)
        with open("/dev/full", "wb") as full:
            for words in (["check", "conv.pgraph"], ["check", "conv.pgraph", "--json"], ["--help"]):
                result = self.run_cli(*words, stdout=full)
                self.assertEqual(result.status, 3, words)
                self.assertIn("Standard output cannot be written", result.err)

    def test_a_file_that_cannot_be_written_is_left_as_it_was(self):
        (self.folder / "taken").mkdir()
        self.refused(["export", "conv.pgraph", "--format", "dot", "-o", "taken"], "taken")
        self.refused(["export", "conv.pgraph", "--format", "dot", "-o", "no/such/out.dot"], "cannot be opened for writing")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["conv.pgraph", "taken"])

    def test_standard_output_has_nothing_but_the_answer(self):
        result = self.run_cli("check", "absent.pgraph", "--json", stdout=subprocess.PIPE)
        self.assertEqual(list(result.json()), ["error"])


if __name__ == "__main__":
    unittest.main()
