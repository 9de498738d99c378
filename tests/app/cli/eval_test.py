"""synoscope-cli eval: NumPy arrays in, NumPy arrays out, the same from every engine."""

import os
import unittest

import numpy as np

from harness import ZOO, CliTest

ENGINES = os.environ.get("SYNOSCOPE_ENGINES", "reference").split()


def convolution(data, weight):
    """The definition, with NumPy: zero padding, stride 1."""
    padded = np.pad(data, ((0, 0), (0, 0), (1, 1), (1, 1)))
    out = np.zeros((data.shape[0], weight.shape[0], *data.shape[2:]))
    for i in range(3):
        for j in range(3):
            window = padded[:, :, i:i + data.shape[2], j:j + data.shape[3]]
            out += np.einsum("nchw,oc->nohw", window, weight[:, :, i, j])
    return out


class Eval(CliTest):
    def arrays(self, dtype, seed=0):
        random = np.random.default_rng(seed)
        arrays = {name: random.standard_normal(shape).astype(dtype) for name, shape in
                  (("in", (1, 4, 5, 7)), ("w", (6, 4, 3, 3)), ("g", (1, 6, 5, 7)))}
        for name, array in arrays.items():
            np.save(self.folder / f"{name}.npy", array)
        return arrays

    def eval(self, engine, *words):
        return self.ask("eval", "conv.pgraph", "--bind", 0, "--input", "in.npy", "--weight", "w0=w.npy", "--engine", engine, *words)

    def test_a_convolution_is_numpys(self):
        for engine in ENGINES:
            for dtype, tolerance in ((np.float32, 1e-4), (np.float64, 1e-11)):
                with self.subTest(engine=engine, dtype=dtype):
                    arrays = self.arrays(dtype)
                    self.eval(engine, "--output", "out.npy")
                    out = np.load(self.folder / "out.npy")
                    self.assertEqual(out.dtype, dtype)
                    np.testing.assert_allclose(out, convolution(arrays["in"], arrays["w"]), rtol=tolerance, atol=tolerance)

    @unittest.skipUnless("libtorch" in ENGINES, "needs the worker")
    def test_a_compiled_kernel_answers_as_the_reference_does(self):
        self.arrays(np.float32, seed=3)
        results = {}
        for engine in ("reference", "cpp", "halide"):
            self.eval(engine, "--output", "out.npy", "--grad-output", "g.npy", "--grad-input", "gi.npy",
                      "--grad-weight", "w0=gw.npy")
            results[engine] = [np.load(self.folder / f"{name}.npy") for name in ("out", "gi", "gw")]
        for engine, arrays in results.items():
            for expected, actual in zip(results["reference"], arrays):
                np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-4, err_msg=engine)

    def test_gradients_are_those_of_the_sum_weighted_by_grad_output(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                arrays = self.arrays(np.float64, seed=1)
                self.eval(engine, "--grad-output", "g.npy", "--grad-input", "gi.npy", "--grad-weight", "w0=gw.npy")
                gi, gw = np.load(self.folder / "gi.npy"), np.load(self.folder / "gw.npy")
                # The convolution is linear in each argument: a directional derivative is a difference.
                random = np.random.default_rng(2)
                along = random.standard_normal(arrays["in"].shape)
                expected = np.sum(convolution(along, arrays["w"]) * arrays["g"])
                np.testing.assert_allclose(np.sum(gi * along), expected, rtol=1e-10)
                along = random.standard_normal(arrays["w"].shape)
                expected = np.sum(convolution(arrays["in"], along) * arrays["g"])
                np.testing.assert_allclose(np.sum(gw * along), expected, rtol=1e-10)

    def test_the_engines_agree_on_the_zoo(self):
        random = np.random.default_rng(3)
        for path in ZOO:
            known = self.ask("check", path)
            # The smallest binding: the reference takes its time.
            binding = min(range(len(known["flops"])), key=lambda i: known["flops"][i])
            if known["flops"][binding] > 1e7:
                continue
            shapes = known["shapes"][binding]
            words = ["eval", path, "--bind", binding, "--input", "in.npy"]
            np.save(self.folder / "in.npy", random.standard_normal(shapes["input"]))
            for name, shape in shapes["weights"].items():
                np.save(self.folder / f"{name}.npy", random.standard_normal(shape))
                words += ["--weight", f"{name}={name}.npy"]
            results = []
            for engine in ENGINES:
                self.ask(*words, "--engine", engine, "--output", "out.npy")
                results.append(np.load(self.folder / "out.npy"))
            with self.subTest(path=path.name):
                for result in results:
                    self.assertEqual(list(result.shape), shapes["output"])
                    np.testing.assert_allclose(result, results[0], rtol=1e-9, atol=1e-9)

    def test_arrays_that_do_not_fit_are_sentences(self):
        self.arrays(np.float32)
        save = lambda name, array: np.save(self.folder / name, array)
        save("int.npy", np.zeros((1, 4, 5, 7), dtype=np.int64))
        save("small.npy", np.zeros((1, 4, 5, 6), dtype=np.float32))
        save("flat.npy", np.zeros(140, dtype=np.float32))
        save("fortran.npy", np.asfortranarray(np.zeros((1, 4, 5, 7), dtype=np.float32)))
        save("complex.npy", np.zeros((1, 4, 5, 7), dtype=np.complex64))
        save("object.npy", np.array([{}], dtype=object))
        whole = (self.folder / "in.npy").read_bytes()
        self.put("cut.npy", whole[:-4])
        self.put("long.npy", whole + b"1234")
        self.put("text.npy", "1 2 3\n")
        self.put("empty.npy", b"")
        with open(self.folder / "huge.npy", "wb") as file:
            file.write(whole[:128])
            file.truncate(1 << 36)
        (self.folder / "folder.npy").mkdir()
        base = ["eval", "conv.pgraph", "--output", "out.npy"]
        for name, fragment in (("int", "dtype is <i8"), ("small", "[1, 4, 5, 7]"), ("flat", "[140]"), ("fortran", "Fortran"),
                               ("complex", "dtype is <c8"), ("object", "dtype is |O"), ("cut", "cut short"),
                               ("long", "followed by"), ("text", "no NumPy array"), ("empty", "no NumPy array"),
                               ("huge", "followed by"), ("folder", "no ordinary file"), ("absent", "no such file")):
            for engine in ENGINES:
                with self.subTest(name=name, engine=engine):
                    error = self.refused([*base, "--engine", engine, "--input", f"{name}.npy", "--weight", "w0=w.npy"], fragment)
                    self.assertEqual(error["file"], f"{name}.npy")
        self.assertFalse((self.folder / "out.npy").exists())

    def test_wrong_words_are_sentences(self):
        self.arrays(np.float32)
        arrays = ["eval", "conv.pgraph", "--input", "in.npy"]
        weight = ["--weight", "w0=w.npy"]
        for words, fragment in (
                ([*arrays, *weight], "Nothing to compute"),
                ([*arrays, "--output", "out.npy"], "No array is given for w0"),
                ([*arrays, *weight, "--weight", "w1=w.npy", "--output", "out.npy"], "no weight w1"),
                ([*arrays, *weight, *weight, "--output", "out.npy"], "given twice"),
                ([*arrays, "--weight", "w.npy", "--output", "out.npy"], "expected NAME=FILE"),
                ([*arrays, *weight, "--bind", "2", "--output", "out.npy"], "There is no binding 2"),
                ([*arrays, *weight, "--bind", "one", "--output", "out.npy"], "--bind"),
                ([*arrays, *weight, "--engine", "magic", "--output", "out.npy"], "magic"),
                ([*arrays, *weight, "--grad-input", "gi.npy"], "need --grad-output"),
                ([*arrays, *weight, "--grad-output", "g.npy"], "needs --grad-input"),
                ([*arrays, *weight, "--output", "no/such/folder/out.npy"], "cannot be opened for writing")):
            with self.subTest(words=words):
                self.refused(words, fragment)
        self.refused([*arrays, *weight, "--output", "/dev/full"], "cannot be written", status=3)


if __name__ == "__main__":
    unittest.main()
