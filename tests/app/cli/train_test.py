"""synoscope-cli train and proxies: options that reach the training, breaks that change nothing, and refusals."""

import json
import math
import signal
import subprocess
import time
import unittest

from harness import CLI, CliTest

QUICK = ("--train-images", 96, "--test-images", 64, "--batch", 16)


class Train(CliTest):
    def test_a_break_changes_no_figure(self):
        how = ("train", "conv2d", *QUICK, "--epochs", 3, "--optimizer", "adamw", "--schedule", "step", "--drop-epochs", "1,2")
        whole = self.ask(*how)
        self.assertEqual(whole["settings"]["optimizer"], "adamw")
        self.assertEqual(whole["settings"]["learning_rate"], 0.003)
        self.assertEqual(whole["settings"]["drop_epochs"], [1, 2])
        begun = self.ask(*how, "--checkpoint", "state", "--until", 1)
        self.assertEqual(len(begun["epochs"]), 1)
        self.refused((*how, "--checkpoint", "state"), "add --resume")
        whole_again = self.ask(*how, "--checkpoint", "state", "--resume")
        self.assertEqual([(one["loss"], one["accuracy"]) for one in whole["epochs"]],
                         [(one["loss"], one["accuracy"]) for one in whole_again["epochs"]])
        result = self.run_cli(*how, "--seed", 2, "--checkpoint", "state", "--resume")
        self.assertEqual(result.status, 3)
        self.assertIn("its 'seed' is 1, and now it is 2", result.err)

    def test_ctrl_c_leaves_a_checkpoint_from_which_it_goes_on(self):
        how = ("train", "original", "--train-images", "256", "--test-images", "64", "--batch", "16", "--epochs", "1000",
               "--checkpoint", "state")
        process = subprocess.Popen([CLI, *how, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder)
        deadline = time.monotonic() + 60
        while not (self.folder / "state").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, err)
        begun = json.loads(out)
        self.assertFalse(begun["finished"])
        done = len(begun["epochs"])
        self.assertGreaterEqual(done, 1)
        again = self.ask(*how, "--resume", "--until", done + 1)
        self.assertEqual([one["loss"] for one in again["epochs"][:done]], [one["loss"] for one in begun["epochs"]])
        self.assertEqual(len(again["epochs"]), done + 1)

    def test_a_milestone_ends_it_early(self):
        answer = self.ask("train", "original", *QUICK, "--epochs", 50, "--milestones", "1:0,2:1")
        self.assertTrue(answer["stopped_early"])
        self.assertEqual(len(answer["epochs"]), 2)

    def test_limits_end_it_with_a_sentence(self):
        for limit, expected in ((["--memory", "100MiB"], "exceeded 100 MiB of memory"), (["--max-seconds", "0.1"], "limit of 0.1 seconds")):
            result = self.run_cli("train", "original", "--train-images", "2000", "--epochs", "50", *limit)
            self.assertNotEqual(result.status, 0)
            self.assertIn(expected, result.err)

    def test_what_does_not_go_together_is_a_sentence(self):
        train = ("train", "original", *QUICK)
        self.refused((*train, "--until", 1), "need --checkpoint")
        self.refused((*train, "--until", 9, "--checkpoint", "c"), "beyond the last epoch")
        self.refused((*train, "--optimizer", "lion"), "lion")
        self.refused((*train, "--optimizer", "adamw", "--nesterov"), "'nesterov'")
        self.refused((*train, "--precision", "float16"), "device cuda")
        self.refused((*train, "--milestones", "soon"), "'soon'")

    def test_proxies_score_without_training(self):
        answer = self.ask("proxies", "conv2d", "original", "--batch", 16)
        self.assertEqual([one["operator"] for one in answer["results"]], ["conv2d", "original"])
        for one in answer["results"]:
            for score in ("gradient_norm", "synflow", "naswot"):
                self.assertTrue(math.isfinite(one[score]))


if __name__ == "__main__":
    unittest.main()
