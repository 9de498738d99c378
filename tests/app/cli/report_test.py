"""synoscope-cli report, compare and import: a search as a page, and operators beside it."""

import contextlib
import json
import re
import sqlite3
import unittest
import xml.etree.ElementTree as ElementTree

from harness import PROBLEMS, CliTest

TINY = next(path for path in PROBLEMS if "tiny" in path.name)
HOSTILE = "<script>alert('\"&')</script>"
BENCH = {"type": "bench_result", "id": 1, "ratio": 0.8, "ratio_low": 0.7, "ratio_high": 0.9, "seconds": 1.0, "peak_gflops": 90.0,
         "environment": {"cpu": HOSTILE},
         "bindings": [{"label": HOSTILE, "count": 2, "median_us": 40.0, "p10_us": 36.0, "p90_us": 48.0, "gflops": 3.0,
                       "baseline_us": 50.0, "baseline_p10_us": 45.0, "baseline_p90_us": 60.0, "ratio": 0.8, "repeats": 77}]}
# Attributes by which a page would ask for something beyond itself.
REFERENCES = {"src", "href", "{http://www.w3.org/1999/xlink}href", "data", "action", "srcset", "poster", "background"}


class Report(CliTest):
    search = None

    def setUp(self):
        super().setUp()
        if Report.search is None: # one search for all tests
            self.ask("search", "--problem", TINY, "--db", "a.synoscope", "--no-train", "--no-bench", "--iterations", 8)
            Report.search = (self.folder / "a.synoscope").read_bytes()
        else:
            self.put("a.synoscope", Report.search)

    def change(self, *statements):
        with contextlib.closing(sqlite3.connect(self.folder / "a.synoscope")) as db, db:
            db.execute("PRAGMA foreign_keys = ON")
            for statement, *values in statements:
                db.execute(statement, values)

    def page(self, *words):
        """Written, well-formed, and in need of nothing."""
        result = self.run_cli("report", "--db", "a.synoscope", "-o", "a.html", *words)
        self.assertEqual(result.status, 0, result.err)
        text = (self.folder / "a.html").read_text(encoding="utf-8")
        root = ElementTree.fromstring(text.removeprefix("<!DOCTYPE html>\n"))
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        self.assertEqual(len(ids), len(set(ids)), "ids are unique")
        for element in root.iter():
            self.assertNotIn(element.tag.split("}")[-1], {"script", "link", "iframe", "img", "object", "embed", "image"})
            for name in REFERENCES & set(element.keys()):
                self.assertTrue(element.get(name).startswith("#"), element.get(name))
                self.assertIn(element.get(name)[1:], ids)
            self.assertNotIn("url(", element.get("style") or "")
        style = "".join(element.text or "" for element in root.iter() if element.tag.endswith("}style"))
        self.assertIn("prefers-color-scheme: dark", style)
        self.assertNotRegex(style, r"url\(|@import")
        return text, "".join(root.itertext())

    def test_a_small_search(self):
        text, words = self.page()
        listed = self.ask("list", "--db", "a.synoscope")
        for part in (listed["candidates"][0]["hash"], "PyTorch module", "Costs per binding", "synoscope-cli search --problem problem.json",
                     "Nobody has pinned", "class Operator"):
            self.assertIn(part.lower(), words.lower())
        self.assertIn('class="graph"', text)
        self.assertIn('class="plot"', text)
        self.assertEqual(text.count('class="card"'), min(10, listed["total"]))
        self.assertEqual(self.page("--best", 2)[0].count('class="card"'), 2)

    def test_an_empty_search(self):
        self.change(["DELETE FROM iterations"], ["DELETE FROM candidates"])
        _, words = self.page()
        self.assertIn("No operator has been found yet.", words)

    def test_a_search_that_is_partly_evaluated_and_full_of_hostile_names(self):
        best = self.ask("list", "--db", "a.synoscope", "--limit", 2)["candidates"]
        evaluation = ("INSERT INTO evaluations (experiment, candidate, kind, status, backend, device, dtype, threads, binding, "
                      "request, result, latency_ratio, accuracy, reward, reward_components, message, environment, started, "
                      "finished) SELECT experiment, id, ?, ?, ?, 'cpu', 'float32', 1, -1, ?, ?, ?, ?, 0.9, '{}', ?, 1, 1000, "
                      "61000 FROM candidates WHERE hash = ?")
        asked = json.dumps({"dataset": HOSTILE, "epochs": 2})
        self.change(["UPDATE experiments SET name = ?, dataset = ?", HOSTILE, HOSTILE],
                    ["UPDATE candidates SET note = ?, moves = ? WHERE hash = ?", HOSTILE, HOSTILE, best[0]["hash"]],
                    ["INSERT INTO environments VALUES (1, ?)", json.dumps({"cpu": HOSTILE})],
                    [evaluation, "benchmark", "done", HOSTILE, asked, json.dumps(BENCH), 0.8, None, "", best[0]["hash"]],
                    [evaluation, "training", "done", HOSTILE, asked, "{}", None, 0.7, "", best[0]["hash"]],
                    [evaluation, "training", "failed", HOSTILE, asked, "{}", None, None, HOSTILE, best[1]["hash"]],
                    ["INSERT INTO constraints (experiment, scope, predicate, action, active, created) "
                     "SELECT id, ?, '{}', 'pin', 1, 1000 FROM experiments", HOSTILE])
        text, words = self.page()
        self.assertNotIn("<script", text)
        self.assertGreater(words.count(HOSTILE), 8)
        self.assertIn("accuracy 70.0\u00a0%", words)
        self.assertIn("Latency per binding", words)
        self.assertIn("1 min 0 s", words)

    def test_markdown_has_its_pictures_beside_it(self):
        answer = self.ask("report", "--db", "a.synoscope", "-o", "notes on it.md")
        text = (self.folder / "notes on it.md").read_text(encoding="utf-8")
        self.assertEqual(answer["format"], "markdown")
        shown = re.findall(r"^!\[.*\]\((.*)\)$", text, re.MULTILINE)
        self.assertEqual(sorted(name.replace("%20", " ") for name in shown), sorted(answer["pictures"]))
        for name in answer["pictures"]:
            self.assertTrue(ElementTree.parse(self.folder / name).getroot().tag.endswith("}svg"))
        alone = self.run_cli("report", "--db", "a.synoscope", "--format", "markdown").out.decode()
        self.assertNotIn("![", alone)
        self.assertIn("## How to reproduce", alone)

    def test_what_cannot_be_reported_is_a_sentence(self):
        self.put("text.synoscope", "hello\n")
        self.refused(["report", "--db", "text.synoscope"], "text.synoscope")
        self.refused(["report", "--db", "absent.synoscope"], "absent.synoscope")
        self.refused(["report", "--db", "a.synoscope", "--format", "pdf"], "--format")
        self.refused(["report", "--db", "a.synoscope", "-o", "no/such/folder/a.html"], "no/such/folder")
        self.refused(["report"], "--db")
        self.refused(["report", "--comparison", "text.synoscope"], "text.synoscope")
        self.refused(["report", "--comparison", "absent.json"], "absent.json")
        self.refused(["report", "--db", "a.synoscope", "--comparison", "absent.json"], "--comparison")


class Operators(CliTest):
    def setUp(self):
        super().setUp()
        self.ask("search", "--problem", TINY, "--db", "a.synoscope", "--no-train", "--no-bench", "--iterations", 2)

    def test_candidates_are_compared(self):
        first, second = (one["hash"] for one in self.ask("list", "--db", "a.synoscope", "--limit", 2)["candidates"])
        both = self.ask("compare", first, second, "--db", "a.synoscope")
        self.assertFalse(both["equal"])
        self.assertEqual(both["first"]["hash"], first)
        self.assertIn("moves_in_common", both)
        back = self.ask("compare", second, first, "--db", "a.synoscope")["structure"]
        self.assertEqual(len(both["structure"]["only_first"]), len(back["only_second"]))
        itself = self.ask("compare", first, first, "--db", "a.synoscope")
        self.assertTrue(itself["equal"])
        self.assertEqual((itself["structure"]["only_first"], itself["structure"]["only_second"]), ([], []))
        text = self.run_cli("compare", first[:12], "conv2d", "--db", "a.synoscope").out.decode()
        self.assertIn("different operators", text)

    def test_files_are_compared_without_a_store(self):
        both = self.ask("compare", "conv.pgraph", "depthwise")
        self.assertFalse(both["equal"])
        self.assertTrue(any("unfold" in one for one in both["structure"]["shared"]))
        self.assertEqual(len(both["costs"]), 2 + len(self.ask("check", "depthwise")["flops"]))
        self.refused(["compare", "conv.pgraph", "absent.pgraph"], "absent.pgraph")
        self.refused(["compare", "conv.pgraph", "ffffff", "--db", "a.synoscope"], "No candidates have a hash")

    def test_an_operator_in_the_space_becomes_a_candidate_once(self):
        answer = self.ask("import", "conv2d", "--db", "a.synoscope")
        self.assertTrue(answer["new"] and answer["kept"] and answer["reachable"])
        shown = self.ask("show", answer["hash"], "--db", "a.synoscope")
        self.assertEqual((shown["note"], shown["moves"]), ("conv2d", "; ".join(answer["moves"])))
        again = self.ask("import", "conv2d", "--db", "a.synoscope")
        self.assertEqual((again["hash"], again["new"], again["kept"]), (answer["hash"], False, True))
        self.ask("search", "--db", "a.synoscope", "--resume", "--iterations", 1)
        self.assertIsNotNone(self.ask("show", answer["hash"], "--db", "a.synoscope")["reward"])

    def test_an_operator_outside_the_space_is_refused_with_the_rule_or_kept_and_marked(self):
        before = self.ask("list", "--db", "a.synoscope")["total"]
        refused = self.ask("import", "dilated", "--db", "a.synoscope", status=1)
        self.assertFalse(refused["kept"] or refused["reachable"])
        self.assertTrue(refused["refused_by"] and refused["reason"])
        self.assertEqual(self.ask("list", "--db", "a.synoscope")["total"], before)
        kept = self.ask("import", "dilated", "--db", "a.synoscope", "--outside")
        self.assertTrue(kept["new"])
        moves = self.ask("show", kept["hash"], "--db", "a.synoscope")["moves"]
        self.assertTrue(moves.startswith("outside the space: ") and refused["refused_by"] in moves, moves)
        other = self.ask("import", "linear", "--db", "a.synoscope", "--outside", status=1)
        self.assertEqual((other["refused_by"], other["kept"]), ("problem", False))

    def test_bad_input_is_a_sentence(self):
        self.put("broken.pgraph", "pgraph 1\nnonsense\n")
        self.refused(["import", "broken.pgraph", "--db", "a.synoscope"], "broken.pgraph", place=(2, 1))
        self.refused(["import", "conv2d", "--db", "absent.synoscope"], "absent.synoscope")
        self.assertFalse((self.folder / "absent.synoscope").exists())


if __name__ == "__main__":
    unittest.main()
