"""synoscope-cli evaluate and slurm: what travels to a cluster and comes back, without a cluster (Slurm's commands are
stand-ins on PATH), and how everything is told that goes wrong on the way."""

import json
import os
import shutil
import signal
import subprocess
import time
import unittest

from harness import CLI, PROBLEMS, CliTest

TINY = next(path for path in PROBLEMS if path.stem == "conv2d-tiny")

SBATCH = """#!/bin/sh
echo "$PWD $*" >> "$FAKE/calls"
[ -z "$REFUSE" ] || { echo "sbatch: error: $REFUSE" >&2; exit 1; }
echo 17
"""
# Tells what the test has written; "down" is a controller that does not answer.
SCONTROL = """#!/bin/sh
[ -e "$FAKE/down" ] && { echo "slurm_load_jobs error: Unable to contact slurm controller (connect failure)" >&2; exit 1; }
[ -e "$FAKE/tasks" ] || { echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1; }
cat "$FAKE/tasks"
"""
SACCT = """#!/bin/sh
[ -e "$FAKE/booked" ] || { echo "Slurm accounting storage is disabled" >&2; exit 1; }
cat "$FAKE/booked"
"""
SQUEUE = """#!/bin/sh
cat "$FAKE/named" 2>/dev/null
exit 0
"""


class SlurmCase(CliTest):
    """A store with a few operators that are not evaluated, and Slurm's commands as the test wants them."""

    def setUp(self):
        super().setUp()
        self.fake = self.folder / "fake"
        self.fake.mkdir()
        for name, text in (("sbatch", SBATCH), ("scontrol", SCONTROL), ("sacct", SACCT), ("squeue", SQUEUE)):
            program = self.put(f"fake/{name}", text)
            program.chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{self.fake}:{os.environ['PATH']}", "FAKE": str(self.fake)}

    def run_cli(self, *words, **options):
        options.setdefault("env", self.environment)
        return super().run_cli(*words, **options)

    def find(self, count=3, name="a.synoscope", seed=1):
        self.ask("search", "--problem", TINY, "--db", name, "--no-train", "--defer", "--candidates", count, "--seed", seed)

    def submit(self, *words, db="a.synoscope", status=0):
        return self.ask("slurm", "submit", "--db", db, "--dir", "arrays", *words, status=status)

    def collect(self, status=0, db="a.synoscope"):
        return self.ask("slurm", "collect", "--db", db, "--dir", "arrays", status=status)

    def array(self, number=1):
        return self.folder / f"arrays/array-{number:04}"

    def evaluate(self, task=0, number=1, status=0, **options):
        return self.ask("evaluate", self.array(number) / f"jobs/{task}.json", "--results", self.array(number) / "results",
                        status=status, **options)

    def results(self, number=1):
        return sorted((self.array(number) / "results").glob("*.json"))

    def tell(self, *tasks):
        """What scontrol says: (numbers, state, exit code)."""
        self.put("fake/tasks", "".join(
            f"JobId=1{i} ArrayJobId=17 ArrayTaskId={numbers} JobState={state} ExitCode={code} NodeList=n{i}\n"
            for i, (numbers, state, code) in enumerate(tasks)))

    def show(self, hash_):
        return self.ask("show", hash_, "--db", "a.synoscope")

    def hashes(self):
        return [one["hash"] for one in self.ask("list", "--db", "a.synoscope", "--limit", 0, "--sort", "found")["candidates"]]


class Submitting(SlurmCase):
    def test_a_dry_run_shows_the_script_and_writes_nothing(self):
        self.find()
        before = sorted(path.name for path in self.folder.rglob("*"))
        shown = self.run_cli("slurm", "submit", "--db", "a.synoscope", "--dir", "arrays", "--dry-run", "--batch", 2,
                             "--partition", "fast", "--time", "1:00:00", "--mem", "3G", "--cpus", 2, "--gpus", 1,
                             "--at-once", 5, "--sbatch=--account=physics", "--sbatch=--exclude=n[1-2]")
        self.assertEqual(shown.status, 0, shown.err)
        script = shown.out.decode()
        for line in ("--array=0-1%5", "--partition=fast", "--time=1:00:00", "--mem=3G", "--cpus-per-task=2", "--gres=gpu:1",
                     "--account=physics", "--exclude=n[1-2]", "--requeue"):
            self.assertIn(f"#SBATCH {line}\n", script)
        self.assertIn(f"exec '{CLI}' evaluate \"jobs/$SLURM_ARRAY_TASK_ID.json\"", script)
        self.assertEqual(subprocess.run(["bash", "-n"], input=shown.out, check=False).returncode, 0)
        self.assertEqual(sorted(path.name for path in self.folder.rglob("*")), before)

    def test_time_and_memory_follow_from_the_experiments_limits(self):
        self.find()
        script = self.submit("--dry-run", "--batch", 3, "--cpus", 2)["script"]
        self.assertIn("#SBATCH --time=20\n", script)   # three benchmarks of at most 300 s, and a little
        self.assertIn("#SBATCH --mem=8704M\n", script) # two workers of at most 4 GiB, and a little

    def test_what_is_submitted_is_not_submitted_twice(self):
        self.find()
        answer = self.submit("--batch", 2)
        self.assertEqual((answer["operators"], answer["tasks"], answer["slurm_job"]), (3, 2, "17"))
        calls = (self.fake / "calls").read_text().splitlines()
        self.assertEqual(calls, [f"{self.array()} --parsable script.sh"])
        self.tell(("0-1", "PENDING", "0:0"))
        again = self.submit()
        self.assertEqual((again["operators"], again["under_way"]), (0, 3))
        (self.fake / "tasks").unlink()
        (self.fake / "down").touch() # nothing is known: nothing is done twice
        again = self.submit()
        self.assertEqual((again["operators"], again["under_way"]), (0, 3))
        self.assertIn("Unable to contact", again["problems"][0]["message"])

    def test_a_limit_leaves_the_rest_for_another_array(self):
        self.find()
        self.assertEqual(self.submit("--limit", 1)["operators"], 1)
        self.tell(("0", "RUNNING", "0:0"))
        rest = self.submit()
        self.assertEqual((rest["operators"], rest["under_way"]), (2, 1))
        self.assertTrue(self.array(2).is_dir())

    def test_a_refusal_is_told_and_leaves_nothing(self):
        self.find()
        self.environment["REFUSE"] = "invalid partition specified: nowhere"
        self.refused(["slurm", "submit", "--db", "a.synoscope", "--dir", "arrays"], "invalid partition specified: nowhere",
                     status=3)
        self.assertEqual(list((self.folder / "arrays").iterdir()), [])
        del self.environment["REFUSE"]
        self.environment["PATH"] = "/nowhere"
        self.refused(["slurm", "submit", "--db", "a.synoscope", "--dir", "arrays"], "the program sbatch is not installed", status=3)
        self.assertEqual(list((self.folder / "arrays").iterdir()), [])

    def test_impossible_wishes_are_sentences(self):
        self.find(1)
        submit = ["slurm", "submit", "--db", "a.synoscope", "--dir", "arrays"]
        self.refused([*submit, "--sbatch=a\nrm -rf x"], "several lines")
        self.refused([*submit, "--batch", "0"], "--batch")
        self.refused(["slurm"], "subcommand")
        self.refused(["slurm", "collect", "--db", "absent.synoscope", "--dir", "arrays"], "absent.synoscope")
        self.ask("search", "--problem", TINY, "--db", "b.synoscope", "--no-train", "--no-bench", "--iterations", 1)
        self.refused(["slurm", "submit", "--db", "b.synoscope", "--dir", "arrays"], "neither measures nor trains")


class Evaluating(SlurmCase):
    def test_a_job_file_is_all_that_a_worker_needs(self):
        self.find(2)
        self.submit()
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        shutil.move(self.array() / "jobs/0.json", elsewhere / "job.json")
        (self.folder / "a.synoscope").unlink()
        answer = self.ask("evaluate", elsewhere / "job.json", "--results", elsewhere / "out")
        self.assertEqual((answer["operators"], answer["measured"], answer["failed"], answer["complete"]), (2, 2, 0, True))
        files = sorted((elsewhere / "out").iterdir())
        self.assertEqual([path.suffix for path in files], [".json", ".json", ".state"])
        body = json.loads(files[0].read_text())["body"]
        self.assertGreater(body["measurements"][0]["result"]["ratio"], 0)

    def test_a_task_that_is_started_again_measures_only_what_is_missing(self):
        self.find(3)
        self.submit()
        self.evaluate()
        first, second, third = self.results()
        kept = first.read_bytes()
        second.unlink()
        third.write_bytes(third.read_bytes()[:200])
        again = self.evaluate()
        self.assertEqual((again["known"], again["measured"]), (1, 2))
        self.assertEqual(first.read_bytes(), kept)
        self.assertEqual(len(self.results()), 3)
        self.assertTrue(third.with_name(third.name + ".damaged").exists())

    def test_a_signal_ends_it_in_good_order(self):
        self.find(12)
        self.submit("--batch", 12)
        process = subprocess.Popen([CLI, "evaluate", self.array() / "jobs/0.json", "--results", self.array() / "results"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment)
        deadline = time.monotonic() + 120
        while not self.results() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1, err)
        self.assertIn(b"stopped before the end", out)
        state = json.loads((self.array() / "results/task-0.state").read_text())
        self.assertEqual((state["ended"], state["message"]), (True, "it was told to stop"))
        measured = len(self.results())
        self.tell(("0", "CANCELLED", "0:15"))
        answer = self.collect(status=1)
        self.assertEqual((answer["merged"], len(answer["lost"])), (measured, 12 - measured))

    def test_a_node_without_a_worker_says_so_and_fails_no_operator(self):
        self.find(2)
        self.submit()
        (self.folder / "bin").mkdir()
        program = shutil.copy(CLI, self.folder / "bin/synoscope-cli") # whose worker is not beside it
        process = subprocess.run([program, "evaluate", self.array() / "jobs/0.json", "--results", self.array() / "results"],
                                 capture_output=True, check=False, env=self.environment)
        self.assertEqual(process.returncode, 3, process.stderr)
        self.assertEqual(self.results(), [])
        self.tell(("0", "FAILED", "3:0"))
        answer = self.collect(status=1)
        self.assertEqual((answer["merged"], len(answer["lost"])), (0, 2))
        self.assertIn("Task 0 of Slurm job 17 on n0 failed with status 3 before it came to operator",
                      answer["lost"][0]["message"])
        self.assertEqual(self.submit()["operators"], 2)

    def test_job_files_that_are_none_are_sentences(self):
        self.find(1)
        self.submit()
        job = self.array() / "jobs/0.json"
        whole = job.read_text()
        evaluate = ["evaluate", job, "--results", "out"]
        for text, fragment in ((whole[:-20], "cut off"), ("[]", "damaged"), ("{}", "'kind' is missing"),
                               (whole.replace('"format": 1', '"format": 9'), "newer Synoscope"),
                               (whole.replace("synoscope job", "synoscope result"), "expected a 'synoscope job'"),
                               (whole.replace('"task": 0', '"task": "x"'), "'task'"),
                               (whole.replace("pgraph 1", "pgraph 7"), "cannot be read"),
                               (whole.replace('"hash": "', '"hash": "00'), "that is called 00")):
            with self.subTest(fragment=fragment):
                self.assertNotEqual(text, whole)
                job.write_text(text)
                self.assertEqual(self.refused(evaluate, fragment)["file"], str(job))
        self.assertFalse((self.folder / "out").exists())
        self.refused(["evaluate", "absent.json", "--results", "out"], "absent.json")


class Collecting(SlurmCase):
    def test_results_are_stored_once_and_the_search_goes_on_with_them(self):
        self.find(2)
        self.submit()
        self.evaluate()
        answer = self.collect()
        self.assertEqual((answer["merged"], answer["known"], answer["failed"], answer["complete"]), (2, 0, 0, True))
        stored = [self.show(one) for one in self.hashes()]
        for one in stored:
            self.assertGreater(one["latency_ratio"], 0)
            self.assertIsNotNone(one["reward"])
            self.assertEqual([run["status"] for run in one["evaluations"]], ["done"])
        again = self.collect()
        self.assertEqual((again["merged"], again["known"], again["complete"]), (0, 2, True))
        self.assertEqual([self.show(one) for one in self.hashes()], stored)
        self.assertEqual(self.submit()["operators"], 0)
        self.assertEqual(self.ask("search", "--db", "a.synoscope", "--resume", "--defer", "--seconds", 0.2)["evaluated"], 2)

    def test_what_a_task_has_not_measured_is_told_and_submitted_again(self):
        self.find(4)
        self.submit("--batch", 1)
        one, two, three, four = self.hashes()
        self.evaluate(0)
        self.tell(("0", "COMPLETED", "0:0"), ("1", "TIMEOUT", "0:0"), ("2", "NODE_FAIL", "0:0"), ("3", "RUNNING", "0:0"))
        answer = self.collect(status=1)
        self.assertEqual((answer["merged"], answer["under_way"]), (1, 1))
        self.assertEqual({lost["hash"]: lost["message"] for lost in answer["lost"]}, {
            two: f"Task 1 of Slurm job 17 on n1 reached its time limit before it came to operator {two[:8]}.",
            three: f"Task 2 of Slurm job 17 on n2 lost its node before it came to operator {three[:8]}."})
        runs = self.show(two)["evaluations"]
        self.assertEqual([run["status"] for run in runs], ["interrupted"])
        self.assertIn("reached its time limit", runs[0]["message"])
        self.collect(status=1)
        self.assertEqual(len(self.show(two)["evaluations"]), 1, "what was lost is noted once")
        again = self.submit()
        self.assertEqual((again["operators"], again["under_way"]), (2, 1))
        # The lost node has come back and brings its result late: that counts, and the second one is a duplicate.
        self.evaluate(2)
        self.evaluate(0, number=2)
        self.evaluate(3)
        answer = self.collect()
        self.assertEqual((answer["merged"], answer["known"], answer["duplicates"], answer["lost"]), (3, 1, 1, []))
        self.assertEqual([run["status"] for run in self.show(three)["evaluations"]], ["interrupted", "done"])

    def test_an_operator_for_which_the_memory_does_not_suffice_has_failed(self):
        self.find(2)
        self.submit()
        one, two = self.hashes()
        description = json.loads((self.array() / "array.json").read_text())
        state = {"kind": "synoscope task state", "format": 1, "origin": description["origin"], "ended": False, "message": "",
                 "place": {"task": 0, "node": "n0", "slurm_job": "17", "restarts": 0}, "measuring": [one]}
        (self.array() / "results/task-0.state").write_text(json.dumps(state))
        for status, log in (("OUT_OF_MEMORY", ""), ("FAILED", "slurmstepd: error: Exceeded job memory limit\n")):
            with self.subTest(status=status):
                (self.array() / "log/0.txt").write_text(log)
                self.tell(("0", status, "0:9"))
                answer = self.collect(status=1)
                self.assertEqual([lost["hash"] for lost in answer["lost"]], [two])
                self.assertIn("ran out of memory before it came to", answer["lost"][0]["message"])
        runs = self.show(one)["evaluations"]
        self.assertEqual([run["status"] for run in runs], ["failed"])
        self.assertIn("ran out of memory while it measured operator", runs[0]["message"])
        again = self.submit("--dry-run")
        self.assertEqual((again["operators"], again["failed"]), (1, 1))
        self.assertEqual(self.submit("--dry-run", "--retry-failed")["operators"], 2)

    def test_accounting_knows_what_the_controller_has_forgotten(self):
        self.find(2)
        self.submit("--batch", 1)
        self.put("fake/booked", "17_0|CANCELLED by 1000|0:0|n7\n17_1|PREEMPTED|0:0|n8\n")
        messages = [lost["message"] for lost in self.collect(status=1)["lost"]]
        self.assertIn("on n7 was cancelled", messages[0])
        self.assertIn("on n8 had to make room", messages[1])
        (self.fake / "booked").unlink()
        self.assertIn("Slurm has forgotten why", self.collect(status=1)["lost"][0]["message"])

    def test_without_an_answer_of_slurm_nothing_is_lost_yet(self):
        self.find(2)
        self.submit("--batch", 1)
        self.evaluate(0)
        (self.fake / "down").touch()
        answer = self.collect(status=1)
        self.assertEqual((answer["merged"], answer["under_way"], answer["lost"]), (1, 1, []))
        self.assertIn("array-0001", answer["problems"][0]["file"])

    def test_a_submission_that_was_cut_short_is_found_by_its_name(self):
        self.find(1)
        self.submit()
        (self.array() / "slurm.json").unlink()
        answer = self.collect(status=1)
        self.assertIn("was never handed to Slurm", answer["lost"][0]["message"])
        self.put("fake/named", "17\n")
        self.tell(("0", "PENDING", "0:0"))
        self.assertEqual(self.collect(status=1)["under_way"], 1)

    def test_damaged_results_are_named_and_the_others_kept(self):
        self.find(4)
        self.submit()
        self.evaluate()
        files = self.results()
        damages = (lambda text: text[:300], lambda text: text.replace('"ratio": ', '"ratio": 1', 1), lambda text: "")
        for file, damage in zip(files, damages):
            file.write_text(damage(file.read_text()))
        self.tell(("0", "COMPLETED", "0:0"))
        answer = self.collect(status=1)
        self.assertEqual((answer["merged"], len(answer["lost"])), (1, 3))
        self.assertEqual([problem["file"] for problem in answer["problems"]], [str(file) for file in files[:3]])
        for problem in answer["problems"]:
            self.assertIn("damaged", problem["message"])
        self.assertEqual(self.submit()["operators"], 3)
        self.evaluate(0, number=2)
        self.assertEqual((self.collect()["merged"], len(self.results())), (3, 4))

    def test_a_foreign_experiments_files_are_named_and_left_alone(self):
        self.find(1)
        self.find(1, name="b.synoscope", seed=2)
        self.submit()
        self.submit(db="b.synoscope")
        self.evaluate()
        self.evaluate(number=2)
        shutil.copy(self.results(2)[0], self.array() / "results/copied.json")
        answer = self.collect()
        self.assertEqual((answer["arrays"], answer["merged"]), (2, 1))
        self.assertEqual(sorted(problem["file"] for problem in answer["problems"]),
                         [str(self.array() / "results/copied.json"), str(self.array(2) / "array.json")])
        for problem in answer["problems"]:
            self.assertIn("another experiment", problem["message"])
        self.assertEqual(self.collect(db="b.synoscope")["merged"], 1)

    def test_results_outlive_a_damaged_array_description(self):
        self.find(1)
        self.submit()
        self.evaluate()
        (self.array() / "array.json").write_text("{")
        answer = self.collect()
        self.assertEqual(answer["merged"], 1)
        self.assertIn("array.json", answer["problems"][0]["file"])

    def test_a_store_that_is_in_use_is_a_sentence(self):
        self.find(1)
        self.submit()
        process = subprocess.Popen([CLI, "search", "--db", "a.synoscope", "--resume", "--defer", "--seconds", "60"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        try:
            time.sleep(1.5)
            self.refused(["slurm", "collect", "--db", "a.synoscope", "--dir", "arrays"], "a.synoscope")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


if __name__ == "__main__":
    unittest.main()
