"""What the tests of synoscope-cli share: running it as a user does, in a folder of its own."""

import json
import os
import pathlib
import resource
import subprocess
import tempfile
import unittest

CLI = os.environ["SYNOSCOPE_CLI"]
SOURCE = pathlib.Path(os.environ["SYNOSCOPE_SOURCE_DIR"])
# How much of a processor's time a refusal may take, in seconds: a person's patience on a machine that does nothing else, and
# that of one with a sanitizer in the program. By the clock a busy machine would fail it.
PATIENCE = float(os.environ.get("SYNOSCOPE_PATIENCE", "1"))
ZOO = sorted((SOURCE / "resources/operators").glob("*.pgraph"))
PROBLEMS = sorted((SOURCE / "resources/problems").glob("*.json"))

# A 3x3 convolution at a size the reference interpreter likes, and the same operator written otherwise.
CONV = """pgraph 1
name conv2d
primary N C_in C_out H W
coefficient k=3
input n:N c:C_in y:H x:W
weight w0 o:C_out c:C_in ky:k kx:k
y1, wy = unfold y k
x1, wx = unfold x k
a = share wy w0.ky
b = share wx w0.kx
d = share c w0.c
e = expand C_out
f = share e w0.o
reduce a b d
output n f y1 x1
bind N=1 C_in=4 C_out=6 H=5 W=7
bind N=2 C_in=3 C_out=2 H=6 W=6
"""
CONV_OTHERWISE = """pgraph 1
name another # a name is only a name
primary N C_in C_out H W
coefficient k=3
input b:N channels:C_in row:H column:W
weight kernel i:C_in o:C_out p:k q:k
out = expand C_out
column1, q = unfold column k
row1, p = unfold row k
o = share out kernel.o
s = share channels kernel.i
t = share p kernel.p
u = share q kernel.q
reduce s t u
output b o row1 column1
bind N=1 C_in=4 C_out=6 H=5 W=7
"""


class Result:
    def __init__(self, process, seconds):
        self.status = process.returncode
        self.out = process.stdout
        self.err = process.stderr.decode("utf-8", "replace")
        self.seconds = seconds  # of processor time

    def json(self):
        """The one object on standard output, and nothing beside it."""
        value = json.loads(self.out.decode("utf-8"))
        assert isinstance(value, dict), value
        return value


class CliTest(unittest.TestCase):
    def setUp(self):
        self.folder_ = tempfile.TemporaryDirectory(prefix="synoscope-cli-")
        self.addCleanup(self.folder_.cleanup)
        self.folder = pathlib.Path(self.folder_.name)
        self.put("conv.pgraph", CONV)

    def put(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run_cli(self, *words, **options):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process = subprocess.run([CLI, *map(str, words)], cwd=self.folder, stdin=subprocess.DEVNULL,
                                 stdout=options.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, timeout=240,
                                 check=False, **options)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return Result(process, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)

    def ask(self, *words, status=0):
        """Runs with --json; the object it answers."""
        result = self.run_cli(*words, "--json")
        self.assertEqual(result.status, status, result.err)
        return result.json()

    def refused(self, words, fragment, status=2, place=None):
        """Fails in time with one sentence, as text and as JSON."""
        result = self.run_cli(*words)
        self.assertEqual((result.status, result.out), (status, b""), result.err)
        self.assertIn(fragment, result.err)
        self.assertEqual(result.err.count("\n"), 1, "one sentence, on one line: " + result.err)
        self.assertTrue(result.err.startswith("synoscope-cli: "), result.err)
        self.assertLess(result.seconds, PATIENCE)
        again = self.run_cli(*words, "--json")
        self.assertEqual(again.status, status)
        error = again.json()["error"]
        self.assertIn(fragment, again.err)
        self.assertEqual(sorted(error), ["column", "file", "line", "message"])
        if place:
            self.assertEqual((error["line"], error["column"]), place, error)
        return error
