"""synoscope-cli as a user meets it: the commands on good input."""

import json
import pty
import signal
import struct
import subprocess
import time
import unittest
import zlib

from harness import CLI, CONV, CONV_OTHERWISE, PROBLEMS, ZOO, CliTest

CHECK_KEYS = {"name", "input", "output", "weights", "flops", "params", "hash", "fingerprint", "formula", "valid"}
SAMPLE_KEYS = {"rollouts", "successes", "distinct", "duplicates", "states", "seconds", "threads", "peak_rss_bytes"}


class Check(CliTest):
    def test_says_what_a_convolution_is_and_costs(self):
        answer = self.ask("check", "conv.pgraph")
        self.assertLessEqual(CHECK_KEYS, set(answer))
        self.assertEqual(answer["name"], "conv2d")
        self.assertTrue(answer["valid"])
        self.assertEqual([axis["size"] for axis in answer["input"]], ["N", "C_in", "H", "W"])
        self.assertEqual([axis["size"] for axis in answer["output"]], ["N", "C_out", "H", "W"])
        self.assertEqual(answer["shapes"][0]["weights"]["w0"], [6, 4, 3, 3])
        self.assertEqual(answer["flops"], [2 * 6 * 5 * 7 * 4 * 9, 2 * 2 * 2 * 36 * 3 * 9])
        self.assertEqual(answer["params"], [6 * 4 * 9, 2 * 3 * 9])
        self.assertRegex(answer["hash"], "^[0-9a-f]{32}$")
        self.assertRegex(answer["fingerprint"], "^[0-9a-f]{32}$")
        self.assertIn("sum over", answer["formula"])

    def test_text_and_json_tell_the_same(self):
        text = self.run_cli("check", "conv.pgraph").out.decode()
        answer = self.ask("check", "conv.pgraph")
        for key in ("name", "hash", "fingerprint", "formula"):
            self.assertIn(answer[key], text)

    def test_every_operator_of_the_zoo_is_valid(self):
        self.assertGreaterEqual(len(ZOO), 10)
        hashes = set()
        for path in ZOO:
            with self.subTest(path=path.name):
                answer = self.ask("check", path)
                self.assertTrue(answer["valid"])
                self.assertGreater(min(answer["flops"]), 0)
                hashes.add(answer["hash"])
        self.assertEqual(len(hashes), len(ZOO))

    def test_the_zoo_is_found_by_name(self):
        self.assertEqual(self.ask("check", ZOO[0].stem)["hash"], self.ask("check", ZOO[0])["hash"])

    def test_an_operator_that_breaks_a_rule_is_a_negative_answer(self):
        # The window is summed without a weight: a box filter, and nothing to learn.
        self.put("box.pgraph", "pgraph 1\nprimary N H\ncoefficient k=3\ninput n:N y:H\ny1, w = unfold y k\nreduce w\n"
                               "output n y1\nbind N=1 H=8\n")
        answer = self.ask("check", "box.pgraph", status=1)
        self.assertFalse(answer["valid"])
        self.assertIn("box-filter", [violation["rule"] for violation in answer["violations"]])


class Equal(CliTest):
    def test_one_operator_written_in_two_ways(self):
        self.put("other.pgraph", CONV_OTHERWISE)
        self.assertEqual(self.ask("equal", "conv.pgraph", "other.pgraph"), {"equal": True, "by": "hash"})

    def test_two_operators_are_a_negative_answer(self):
        self.put("other.pgraph", CONV.replace("k=3", "k=5"))
        self.assertEqual(self.ask("equal", "conv.pgraph", "other.pgraph", status=1)["equal"], False)


class Export(CliTest):
    def test_every_format_that_is_listed_can_be_written(self):
        formats = [entry["name"] for entry in self.ask("export", "--list")["formats"]]
        self.assertLessEqual({"pytorch", "libtorch", "dot", "formula"}, set(formats))
        for name in formats:
            with self.subTest(format=name):
                self.ask("export", "conv.pgraph", "--format", name, "-o", f"out.{name}")
                written = (self.folder / f"out.{name}").read_bytes()
                self.assertGreater(len(written), 20)
                if name != "pdf":  # which carries the time
                    self.assertEqual(self.run_cli("export", "conv.pgraph", "--format", name).out, written)

    def test_bytes_go_into_files_only(self):
        primary, terminal = pty.openpty()
        with open(primary, "rb"), open(terminal, "wb") as screen:
            refused = subprocess.run([CLI, "export", "conv.pgraph", "--format", "png"], stdout=screen,
                                     stderr=subprocess.PIPE, cwd=self.folder)
        self.assertEqual(refused.returncode, 2)
        self.assertIn(b"expected --output", refused.stderr)
        self.assertTrue(self.run_cli("export", "conv.pgraph", "--format", "png").out.startswith(b"\x89PNG"))
        self.assertIn("--output", self.ask("export", "conv.pgraph", "--format", "png", status=2)["error"]["message"])

    def test_what_takes_libtorch_is_written_by_the_worker_and_opens_in_python(self):
        try:
            import numpy
            import torch
        except ImportError:
            self.skipTest("this Python has no torch")
        self.ask("export", "conv.pgraph", "--format", "torchscript", "--bind", 1, "-o", "conv.pt")
        extra = {"operator.pgraph": ""}
        module = torch.jit.load(str(self.folder / "conv.pt"), _extra_files=extra)
        self.put("again.pgraph", extra["operator.pgraph"])
        self.assertEqual(self.ask("check", "again.pgraph")["hash"], self.ask("check", "conv.pgraph")["hash"])
        data = torch.randn(2, 3, 6, 6)
        numpy.save(self.folder / "in.npy", data.numpy())
        numpy.save(self.folder / "w0.npy", module.w0.detach().numpy())
        self.ask("eval", "conv.pgraph", "--bind", 1, "--input", "in.npy", "--weight", "w0=w0.npy", "--output", "out.npy")
        torch.testing.assert_close(module(data).detach(), torch.from_numpy(numpy.load(self.folder / "out.npy")))
        self.assertEqual(module(torch.randn(5, 3, 8, 4)).shape, (5, 2, 8, 4))  # batch and extents are the input's
        self.refused(["export", "conv.pgraph", "--format", "torchscript", "--bind", 2, "-o", "o.pt"], "0 to 1")

    def test_numbers_for_sizes_are_those_of_the_binding_that_was_named(self):
        small, large = (self.run_cli("export", "conv.pgraph", "--format", "onnx", "--bind", bind).out for bind in (1, 0))
        self.assertGreater(len(large) - len(small), 4 * (6 * 4 * 9 - 2 * 3 * 9) - 100)  # the weight's elements
        self.assertEqual(self.run_cli("export", "conv.pgraph", "--format", "onnx").out, large)
        self.refused(["export", "conv.pgraph", "--format", "onnx", "--bind", 2, "-o", "o.onnx"], "0 to 1")

    def test_code_carries_the_operators_hash(self):
        digest = self.ask("check", "conv.pgraph")["hash"]
        for name in ("pytorch", "libtorch"):
            self.assertIn(digest, self.ask("export", "conv.pgraph", "--format", name)["text"])


class Sample(CliTest):
    def problem(self):
        return next(path for path in PROBLEMS if "tiny" in path.name)

    def test_the_same_seed_gives_the_same_operators_as_files(self):
        answers = []
        for folder in ("a", "b"):
            answers.append(self.ask("sample", "--problem", self.problem(), "--rollouts", 40, "--seed", 3, "--out", folder))
        self.assertLessEqual(SAMPLE_KEYS, set(answers[0]))
        self.assertEqual(answers[0]["rollouts"], 40)
        names = [sorted(path.name for path in (self.folder / folder).iterdir()) for folder in ("a", "b")]
        self.assertEqual(names[0], names[1])
        self.assertEqual(len(names[0]), answers[0]["distinct"])
        self.assertGreater(answers[0]["distinct"], 0)
        self.assertEqual(answers[0]["invalid"], 0)
        for name in names[0][:5]:
            answer = self.ask("check", f"a/{name}")
            self.assertEqual(answer["hash"] + ".pgraph", name)
            self.assertTrue(answer["valid"])

    def test_two_threads_do_all_rollouts(self):
        answer = self.ask("sample", "--problem", self.problem(), "--rollouts", 21, "--threads", 2, "--stats")
        self.assertEqual((answer["rollouts"], answer["threads"]), (21, 2))
        self.assertGreater(len(answer["rules"]), 3)

    def test_ctrl_c_ends_it_with_what_was_found(self):
        process = subprocess.Popen([CLI, "sample", "--problem", self.problem(), "--seconds", "120", "--json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        out, err = process.communicate(timeout=60)
        self.assertLess(time.monotonic() - start, 10)
        self.assertEqual((process.returncode, err), (0, b""))
        self.assertIn(b'"distinct"', out)


class Path(CliTest):
    def test_what_sample_finds_is_reachable(self):
        problem = next(path for path in PROBLEMS if "tiny" in path.name)
        self.ask("sample", "--problem", problem, "--rollouts", 5, "--seed", 1, "--out", "found")
        for path in sorted((self.folder / "found").iterdir()):
            answer = self.ask("path", path, "--problem", problem)
            self.assertTrue(answer["reachable"])
            self.assertGreater(len(answer["moves"]), 2)

    def test_what_is_no_operator_of_the_problem_is_refused_with_a_reason(self):
        problem = next(path for path in PROBLEMS if "tiny" in path.name)
        # Channels have no order: a shift of them changes nothing, and no search ever makes one.
        self.put("shifted.pgraph", CONV.replace("e = expand C_out\n", "e = expand C_out\nc1 = shift c 1\n")
                 .replace("d = share c w0.c", "").replace("f = share e w0.o", "d = share c1 w0.c\nf = share e w0.o"))
        answer = self.ask("path", "shifted.pgraph", "--problem", problem, status=1)
        self.assertFalse(answer["reachable"])
        rules = self.ask("sample", "--problem", problem, "--rollouts", 1, "--stats")["rules"]
        self.assertIn(answer["refused_by"], [rule["rule"] for rule in rules])
        self.assertTrue(answer["reason"])

    def test_an_operator_of_other_shapes_is_a_negative_answer(self):
        problem = next(path for path in PROBLEMS if "linear" in path.name)
        answer = self.ask("path", "conv.pgraph", "--problem", problem, status=1)
        self.assertFalse(answer["reachable"])
        self.assertTrue(answer["reason"])


class Program(CliTest):
    def test_help_and_version_are_answers(self):
        for words in (["--help"], ["--version"], ["check", "--help"], ["eval", "-h"]):
            result = self.run_cli(*words)
            self.assertEqual((result.status, result.err), (0, ""), words)
            self.assertTrue(result.out.strip())
        self.assertNotIn("worker", self.run_cli("--help").out.decode())

    def test_backbones_have_the_published_numbers_of_parameters(self):
        known = {entry["name"]: entry for entry in self.ask("backbones")["backbones"]}
        self.assertEqual(known["resnet18"]["params"], 11689512)
        self.assertTrue(known["resnet18"]["slots"])
        self.assertIn("resnet8", known)
        self.assertEqual(known["gpt2"]["params"], 124439808)
        self.assertEqual(known["vitb16"]["params"], 86567656)

    def test_a_network_of_ones_own_stands_where_a_name_does(self):
        network = {"name": "own", "image": 16, "classes": 10, "layers": [
            {"type": "convolution", "out": 8, "slot": True}, "batch_norm", "relu", {"type": "max_pool"},
            "global_average", {"type": "linear", "out": "classes"}]}
        self.put("own.json", json.dumps(network, indent=1).encode())
        own, = self.ask("backbones", "own.json")["backbones"]
        self.assertEqual((own["name"], own["params"]), ("own", 3 * 8 * 9 + 16 + 90))
        self.assertEqual(own["flops"], 2 * (3 * 8 * 9 * 256 + 80))
        self.assertEqual([(slot["out_channels"], slot["count"]) for slot in own["slots"]], [(8, 1)])
        example, = self.ask("backbones", "bottleneck-tiny")["backbones"]
        self.assertEqual(example["name"], "bottleneck-tiny")
        trained = self.ask("train", "conv.pgraph", "--backbone", "own.json", "--epochs", 1, "--train-images", 64)
        self.assertEqual(trained["params"], own["params"])
        network["layers"][3] = {"type": "max_pool", "size": 2}
        self.put("own.json", json.dumps(network, indent=1).encode())
        for words in (["backbones", "own.json"], ["train", "conv.pgraph", "--backbone", "own.json"],
                      ["bench", "conv.pgraph", "--backbone", "own.json"]):
            result = self.run_cli(*words, "--json")
            self.assertEqual(result.status, 2, words)
            error = result.json()["error"]
            self.assertEqual((error["file"], error["line"]), ("own.json", 15), words)
            self.assertIn("'layers[3].size' is no key of a layer of type max_pool", error["message"])

    def test_data_sets_can_be_looked_at(self):
        self.assertIn("builtin10-16", [entry["name"] for entry in self.ask("data")["datasets"]])
        self.ask("data", "--preview", "sheet.png", "--columns", 3)
        picture = (self.folder / "sheet.png").read_bytes()
        self.assertEqual(picture[:8], b"\x89PNG\r\n\x1a\n")
        chunks, at = {}, 8
        while at < len(picture):
            length, kind = struct.unpack(">I4s", picture[at:at + 8])
            chunks[kind] = chunks.get(kind, b"") + picture[at + 8:at + 8 + length]
            at += 12 + length
        width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
        self.assertEqual((width, height), (3 * 66 + 2, 10 * 66 + 2))
        self.assertEqual(len(zlib.decompress(chunks[b"IDAT"])), height * (1 + 3 * width))

    def test_data_sets_are_read_from_files_and_trained_on(self):
        folder = self.folder / "cifar"
        folder.mkdir()
        records = b"".join(bytes([i % 10]) + bytes((i * 13 + p * 7) % 251 for p in range(3072)) for i in range(40))
        for name in [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]:
            (folder / name).write_bytes(records)
        answer = self.ask("data", "--dataset", "cifar10:cifar", "--preview", "sheet.png", "--read")
        self.assertEqual((answer["classes"], answer["size"], answer["train_items"], answer["test_items"]), (10, 32, 200, 40))
        self.assertEqual(answer["read"]["train"]["items"], 200)
        self.assertGreater(answer["read"]["train"]["items_per_second"], 0)
        answer = self.ask("train", "original", "--dataset", "cifar10:cifar", "--epochs", 1)
        self.assertTrue(answer["finished"])
        self.assertTrue(0 <= answer["waiting"] <= 1)

        (folder / "data_batch_2.bin").write_bytes(records[:5000])
        for words in (["data", "--dataset", "cifar10:cifar", "--read"], ["train", "original", "--dataset", "cifar10:cifar"]):
            result = self.run_cli(*words)
            self.assertNotEqual(result.status, 0)
            self.assertIn("data_batch_2.bin", result.err)
        for command in (["train", "original"], ["search", "--problem", "conv2d-tiny", "--db", "x.synoscope"], ["data"]):
            self.refused([*command, "--dataset", "cifar10:nowhere"], "There is no such folder")
            self.refused([*command, "--dataset", "cats"], "There is no data set 'cats'")
        self.assertFalse((self.folder / "x.synoscope").exists())


if __name__ == "__main__":
    unittest.main()
