"""slurm submit and slurm collect against a real slurmctld and slurmd on this machine (packaging/slurm). Skipped with a
sentence where Slurm is not installed, or cannot be started."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from harness import PROBLEMS, SOURCE, CliTest

TINY = next(path for path in PROBLEMS if path.stem == "conv2d-tiny")
PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "scancel"]
MISSING = [name for name in PROGRAMS if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]


@unittest.skipIf(MISSING, f"Slurm is not installed here ({', '.join(MISSING)} missing).")
@unittest.skipIf(os.geteuid() != 0, "Only root can start slurmd.")
class Cluster(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster = pathlib.Path(tempfile.mkdtemp(prefix="synoscope-slurm-"))
        cls.addClassCleanup(shutil.rmtree, cls.cluster, ignore_errors=True)
        cls.environment = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
        cls.addClassCleanup(subprocess.run, [SOURCE / "packaging/slurm/stop", cls.cluster], env=cls.environment,
                            check=False, timeout=120)
        started = subprocess.run([SOURCE / "packaging/slurm/start", cls.cluster, "2"], env=cls.environment, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=120)
        if started.returncode != 0:
            raise AssertionError("Slurm is installed and does not start: " + started.stderr)
        cls.environment["SLURM_CONF"] = str(cls.cluster / "slurm.conf")

    def run_cli(self, *words, **options):
        return super().run_cli(*words, env=self.environment, **options)

    def slurm(self, *words):
        return subprocess.run(words, env=self.environment, text=True, stdout=subprocess.PIPE, check=True, timeout=60).stdout

    def submit(self, *words):
        return self.ask("slurm", "submit", "--db", "a.synoscope", "--dir", "arrays", "--mem", "1500M", *words)

    def collect(self):
        """Collects until nothing is under way; the sum of what was stored, and the last answer."""
        merged, deadline = 0, time.monotonic() + 200
        while True:
            result = self.run_cli("slurm", "collect", "--db", "a.synoscope", "--dir", "arrays", "--json")
            self.assertIn(result.status, (0, 1), result.err)
            answer = result.json()
            merged += answer["merged"]
            if answer["under_way"] == 0:
                return merged, answer
            self.assertLess(time.monotonic(), deadline, self.slurm("squeue") + result.err)
            time.sleep(0.5)

    def test_an_array_comes_back_and_what_was_cancelled_is_submitted_again(self):
        self.ask("search", "--problem", TINY, "--db", "a.synoscope", "--no-train", "--defer", "--candidates", 5)
        first = self.submit("--batch", 1, "--at-once", 2)
        self.assertEqual((first["operators"], first["tasks"]), (5, 5))
        self.slurm("scancel", f"{first['slurm_job']}_4") # the last one, which waits
        merged, answer = self.collect()
        self.assertEqual((merged, len(answer["lost"]), answer["problems"]), (4, 1, []))
        self.assertIn(f"Task 4 of Slurm job {first['slurm_job']}", answer["lost"][0]["message"])
        second = self.submit()
        self.assertEqual((second["operators"], second["tasks"]), (1, 1))
        merged, answer = self.collect()
        self.assertEqual((merged, answer["complete"]), (1, True))
        listed = self.ask("list", "--db", "a.synoscope", "--limit", 0)["candidates"]
        self.assertEqual(len(listed), 5)
        for one in listed:
            self.assertGreater(one["latency_ratio"], 0)
            self.assertIsNotNone(one["reward"])
        evaluation = self.ask("show", listed[0]["hash"], "--db", "a.synoscope")["evaluations"]
        self.assertEqual([run["status"] for run in evaluation][-1:], ["done"])
        log = (pathlib.Path(first["folder"]) / "log/0.txt").read_text()
        self.assertIn("1 of 1 operators measured", log)

    def test_what_slurm_refuses_is_told_in_its_words(self):
        self.ask("search", "--problem", TINY, "--db", "a.synoscope", "--no-train", "--defer", "--candidates", 1)
        error = self.run_cli("slurm", "submit", "--db", "a.synoscope", "--dir", "arrays", "--partition", "nowhere")
        self.assertEqual(error.status, 3)
        self.assertIn("sbatch refuses the array: ", error.err)
        self.assertIn("partition", error.err)
        self.assertEqual(list((self.folder / "arrays").iterdir()), [])


if __name__ == "__main__":
    unittest.main()
