"""synoscope-cli search, list and show: a search that is kept, goes on, and tells."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
import unittest

from harness import CLI, PROBLEMS, CliTest

TINY = next(path for path in PROBLEMS if "tiny" in path.name)
SEARCH_KEYS = {"iterations", "candidates", "evaluated", "seconds", "best"}
BEST_KEYS = {"hash", "reward", "accuracy", "latency_ratio", "flops_ratio", "params"}


class Search(CliTest):
    def search(self, *words, **options):
        return self.ask("search", "--problem", TINY, "--db", "a.synoscope", "--no-train", *words, **options)

    def test_finds_keeps_lists_and_shows(self):
        answer = self.search("--no-bench", "--iterations", 8)
        self.assertLessEqual(SEARCH_KEYS, set(answer))
        self.assertGreaterEqual(answer["iterations"], 8)
        self.assertGreater(answer["candidates"], 0)
        listed = self.ask("list", "--db", "a.synoscope", "--limit", 0)
        self.assertEqual(len(listed["candidates"]), listed["total"])
        self.assertGreaterEqual(listed["total"], answer["candidates"])
        for candidate in listed["candidates"]:
            self.assertLessEqual(BEST_KEYS, set(candidate))
        shown = self.ask("show", listed["candidates"][0]["hash"][:12], "--db", "a.synoscope")
        self.assertEqual(shown["hash"], listed["candidates"][0]["hash"])
        self.put("found.pgraph", shown["pgraph"])
        checked = self.ask("check", "found.pgraph")
        self.assertEqual(checked["hash"], shown["hash"])
        self.assertTrue(checked["valid"])

    def test_measures_what_it_finds(self):
        answer = self.search("--candidates", 1, "--finish")
        self.assertGreater(answer["evaluated"], 0)
        self.assertGreater(answer["best"][0]["latency_ratio"], 0)
        self.assertIsNotNone(answer["best"][0]["reward"])
        rewards = [one["reward"] for one in answer["best"] if one["reward"] is not None]
        self.assertEqual(rewards, sorted(rewards, reverse=True))

    def test_another_reward_can_be_given(self):
        self.search("--no-bench", "--iterations", 4, "--reward", '{"flops": {"limit": 0.000001}}')
        listed = self.ask("list", "--db", "a.synoscope")["candidates"]
        self.assertEqual({one["reward"] for one in listed if one["reward"] is not None}, {0})
        for reward, expected in (('{"speed": 1}', "'reward.speed'"), ("{", "--reward"), ("3", "'reward'")):
            self.refused(["search", "--problem", TINY, "--db", "b.synoscope", "--reward", reward], expected)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "b.synoscope")))

    def test_a_search_gets_another_reward_afterwards(self):
        self.search("--no-bench", "--iterations", 6)
        before = {one["hash"]: one["reward"] for one in self.ask("list", "--db", "a.synoscope")["candidates"]}
        answer = self.ask("rescore", "--db", "a.synoscope", "--reward", '{"flops": {"limit": 0.000001}}')
        self.assertEqual(answer["changed"], sum(reward not in (None, 0) for reward in before.values()))
        self.assertEqual(answer["best_before"]["reward"], max(reward or 0 for reward in before.values()))
        listed = self.ask("list", "--db", "a.synoscope")["candidates"]
        self.assertEqual({one["reward"] for one in listed if one["reward"] is not None}, {0})
        self.assertEqual(self.ask("search", "--db", "a.synoscope", "--resume", "--iterations", 2)["iterations"], 8)
        self.refused(["rescore", "--db", "a.synoscope", "--reward", '{"speed": 1}'], "'reward.speed'")
        self.refused(["rescore", "--db", "b.synoscope", "--reward", "{}"], "b.synoscope")
        self.refused(["rescore", "--db", "a.synoscope"], "--problem")
        self.refused(["rescore", "--db", "a.synoscope", "--reward", "{}", "--problem", TINY], "expected one")
        self.refused(["rescore", "--db", "a.synoscope", "--problem", "none.json"], "none.json")
        self.put("text.synoscope", "hello\n")
        self.refused(["rescore", "--db", "text.synoscope", "--reward", "{}"], "text.synoscope")
        back = self.ask("rescore", "--db", "a.synoscope", "--problem", TINY)
        self.assertEqual((back["iterations_kept"], back["iterations_uncertain"]), (0, 0))
        self.assertEqual(back["best_before"]["reward"], 0)
        listed = {one["hash"]: one["reward"] for one in self.ask("list", "--db", "a.synoscope", "--limit", 0)["candidates"]}
        self.assertEqual({hash: listed[hash] for hash in before}, before)
        self.assertEqual(back["best_after"]["reward"], max(reward or 0 for reward in listed.values()))

    def test_a_search_under_way_gets_no_other_reward(self):
        process = subprocess.Popen([CLI, "search", "--problem", TINY, "--db", "a.synoscope", "--no-train", "--no-bench"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        try:
            deadline = time.monotonic() + 60
            while self.run_cli("list", "--db", "a.synoscope").status != 0 and time.monotonic() < deadline:
                time.sleep(0.05)
            self.refused(["rescore", "--db", "a.synoscope", "--reward", "{}"], "is open in another")
        finally:
            process.kill()
            process.wait()

    def test_a_job_beyond_its_limits_fails_with_a_sentence(self):
        for limit, value, expected in (("--job-memory", "1MiB", "1 MiB of memory"), ("--job-seconds", 0.01, "time limit")):
            file = limit.strip("-") + ".synoscope"
            self.ask("search", "--problem", TINY, "--db", file, "--no-bench", "--iterations", 1, limit, value)
            one = self.ask("list", "--db", file)["candidates"][0]
            failures = [each for each in self.ask("show", one["hash"], "--db", file)["evaluations"] if each["status"] == "failed"]
            self.assertIn(expected, failures[0]["message"])
        self.refused(["search", "--problem", TINY, "--db", "b.synoscope", "--job-memory", "much"], "--job-memory")

    def test_a_network_of_words_is_trained_on_the_text_that_is_given(self):
        self.put("book.txt", b"All happy families are alike; each unhappy family is unhappy in its own way. " * 100)
        problem = next(path for path in PROBLEMS if "gpt2" in path.name).read_text(encoding="utf-8")
        problem = problem.replace('"gpt2"', '"tinygpt"').replace("2048,", "128,").replace("100000", "1000")
        self.put("words.json", problem.encode())
        self.ask("search", "--problem", "words.json", "--db", "a.synoscope", "--no-bench", "--epochs", 1, "--iterations", 1,
                 "--dataset", "text:book.txt")
        self.assertIsNotNone(self.ask("list", "--db", "a.synoscope")["candidates"][0]["accuracy"])
        self.refused(["search", "--problem", "words.json", "--db", "b.synoscope", "--dataset", "text:none.txt"], "none.txt")

    def test_goes_on_where_it_stopped(self):
        first = self.search("--no-bench", "--iterations", 4)
        again = self.ask("search", "--db", "a.synoscope", "--resume", "--iterations", 4)
        self.assertGreaterEqual(again["iterations"], first["iterations"] + 4)
        self.assertGreaterEqual(again["candidates"], first["candidates"])

    def test_searches_a_surrogate_without_a_store(self):
        def run(algorithm, *words):
            return self.ask("search", "--problem", TINY, "--surrogate", "smooth", "--algorithm", algorithm,
                            "--candidates", 60, *words)

        for algorithm in ("mcts", "prospector"):
            answer = run(algorithm)
            self.assertLessEqual(SEARCH_KEYS, set(answer))
            self.assertEqual(answer["evaluated"], 60)
            rewards = [one["reward"] for one in answer["best"]]
            self.assertEqual(rewards, sorted(rewards, reverse=True))
            self.assertGreater(rewards[0], 0)
            self.assertLessEqual(BEST_KEYS, set(answer["best"][0]))
            self.assertEqual(run(algorithm)["best"], answer["best"])
        self.assertEqual(run("evolution", "--threads", 2)["evaluated"], 60)
        self.refused(["search", "--problem", TINY, "--surrogate", "oracle"], "smooth")
        self.refused(["search", "--problem", TINY, "--surrogate", "smooth", "--db", "a.synoscope"], "--db")
        self.refused(["search", "--problem", TINY, "--surrogate", "smooth", "--reward", "{}"], "--reward")
        self.refused(["search", "--problem", TINY], "--db")

    def test_ctrl_c_keeps_what_is_done(self):
        process = subprocess.Popen([CLI, "search", "--problem", TINY, "--db", "a.synoscope", "--no-train", "--no-bench", "--json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder)
        deadline = time.monotonic() + 60
        while self.run_cli("list", "--db", "a.synoscope").status != 0 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn(b'"stopped": "interrupted"', out)
        self.assertGreater(self.ask("list", "--db", "a.synoscope")["total"], 0)

    def test_a_killed_search_can_be_resumed(self):
        process = subprocess.Popen([CLI, "search", "--problem", TINY, "--db", "a.synoscope", "--no-train", "--no-bench"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        deadline = time.monotonic() + 60
        known = 0
        while known == 0 and time.monotonic() < deadline:
            time.sleep(0.2)
            listed = self.run_cli("list", "--db", "a.synoscope", "--json") # at first there is no file, or an empty one
            known = listed.json()["total"] if listed.status == 0 else 0
        process.kill()
        process.wait()
        answer = self.ask("search", "--db", "a.synoscope", "--resume", "--iterations", 1)
        self.assertGreaterEqual(answer["candidates"], known)
        self.assertGreater(known, 0)

    def test_an_empty_store_is_a_new_search(self):
        # As a search leaves it that is killed between making the file and writing the experiment into it.
        self.search("--no-bench", "--iterations", 1)
        with contextlib.closing(sqlite3.connect(self.folder / "a.synoscope")) as db, db:
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("DELETE FROM experiments")
        self.refused(["list", "--db", "a.synoscope"], "holds no experiment")
        self.assertGreater(self.search("--no-bench", "--iterations", 1, "--resume")["candidates"], 0)

    def test_files_that_are_no_searches_are_refused_and_left_alone(self):
        self.put("text.synoscope", "hello\n")
        self.put("random.synoscope", os.urandom(100_000))
        (self.folder / "folder.synoscope").mkdir()
        for name in ("text", "random", "folder"):
            before = (self.folder / f"{name}.synoscope").read_bytes() if name != "folder" else None
            for words in (["search", "--problem", TINY, "--iterations", 1], ["search", "--resume", "--iterations", 1],
                          ["list"], ["show", "00"]):
                with self.subTest(name=name, command=words[0]):
                    self.refused([*words, "--db", f"{name}.synoscope"], f"{name}.synoscope")
            if before is not None:
                self.assertEqual((self.folder / f"{name}.synoscope").read_bytes(), before)
        for words in (["list"], ["show", "00"]):
            self.refused([*words, "--db", "absent.synoscope"], "absent.synoscope")
        self.assertFalse((self.folder / "absent.synoscope").exists())
        self.refused(["search", "--problem", TINY, "--iterations", "1", "--db", "no/such/folder/a.synoscope"], "no/such/folder")

    def test_wrong_words_are_sentences(self):
        search = ["search", "--problem", TINY, "--db", "a.synoscope"]
        self.refused([*search, "--algorithm", "magic"], "no search algorithm magic; there are: ")
        self.refused(["search", "--db", "a.synoscope"], "--problem")
        self.refused(["search", "--problem", TINY], "--db")
        self.refused([*search, "--iterations", "-3"], "--iterations")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["conv.pgraph"])
        self.search("--no-bench", "--iterations", 1)
        self.refused([*search, "--iterations", "1"], "already holds")
        self.refused(["show", "zzzz", "--db", "a.synoscope"], "No candidates have a hash that begins with zzzz")
        self.refused(["list", "--db", "a.synoscope", "--sort", "beauty"], "beauty")

    def test_a_second_writer_is_refused(self):
        self.search("--no-bench", "--iterations", 1)
        process = subprocess.Popen([CLI, "search", "--db", "a.synoscope", "--resume", "--seconds", "60"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        try:
            time.sleep(1.5)
            self.refused(["search", "--db", "a.synoscope", "--resume", "--iterations", "1"], "a.synoscope")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


if __name__ == "__main__":
    unittest.main()
