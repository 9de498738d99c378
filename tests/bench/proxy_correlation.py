#!/usr/bin/env python3
"""How well zero-cost proxies foretell accuracies: operators sampled from a problem are scored and trained, and the rank correlations
of scores and accuracies printed (Spearman's rho and Kendall's tau-b), for all operators and for the better half alone.

    tests/bench/proxy_correlation.py build/release/bin/synoscope-cli [--operators 20] [--epochs 3] [--problem conv2d-tiny]
"""

import argparse
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

SCORES = ("gradient_norm", "synflow", "naswot")


def ask(cli, *words):
    answer = subprocess.run([cli, *map(str, words), "--json"], capture_output=True, text=True, check=False)
    try:
        result = json.loads(answer.stdout)
    except json.JSONDecodeError:
        sys.exit(f"{' '.join(map(str, words))}: {answer.stderr.strip()}")
    if "error" in result:
        print(f"  left out: {result['error']['message']}", file=sys.stderr)
        return None
    return result


def ranks(values):
    """From 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    result = [0.0] * len(values)
    first = 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and values[order[last + 1]] == values[order[first]]:
            last += 1
        for place in order[first:last + 1]:
            result[place] = (first + last) / 2 + 1
        first = last + 1
    return result


def spearman(one, other):
    a, b = ranks(one), ranks(other)
    mean = (len(a) + 1) / 2
    covariance = sum((x - mean) * (y - mean) for x, y in zip(a, b))
    spread = math.sqrt(sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b))
    return covariance / spread if spread else float("nan")


def kendall(one, other):
    def sign(x):
        return (x > 0) - (x < 0)
    pairs = [(sign(one[i] - one[j]), sign(other[i] - other[j])) for i in range(len(one)) for j in range(i)]
    spread = math.sqrt(sum(x != 0 for x, _ in pairs) * sum(y != 0 for _, y in pairs))
    return sum(x * y for x, y in pairs) / spread if spread else float("nan")


def self_check():
    assert ranks([5, 1, 5]) == [2.5, 1.0, 2.5]
    assert abs(spearman([1, 2, 3, 4], [1, 3, 2, 4]) - 0.8) < 1e-12
    assert abs(kendall([1, 2, 3, 4], [1, 3, 2, 4]) - 4 / 6) < 1e-12
    assert kendall([1, 2, 3], [3, 2, 1]) == -1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli")
    parser.add_argument("--problem", default="conv2d-tiny")
    parser.add_argument("--backbone", default="resnet8")
    parser.add_argument("--operators", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--train", nargs=argparse.REMAINDER, default=[], help="further options of the command train")
    arguments = parser.parse_args()
    self_check()
    with tempfile.TemporaryDirectory() as folder:
        ask(arguments.cli, "sample", "--problem", arguments.problem, "--rollouts", 20 * arguments.operators, "--seed", arguments.seed,
            "--out", folder)
        files = sorted(pathlib.Path(folder).glob("*.pgraph"))
        random.Random(arguments.seed).shuffle(files)
        rows = []
        for file in files:
            if len(rows) == arguments.operators:
                break
            scores = ask(arguments.cli, "proxies", file, "--backbone", arguments.backbone)
            trained = scores and ask(arguments.cli, "train", file, "--backbone", arguments.backbone, "--epochs", arguments.epochs,
                                     *arguments.train)
            if not trained:
                continue
            row = scores["results"][0] | {"accuracy": trained["accuracy"], "params": trained["params"]}
            rows.append(row)
            print(f"{file.stem[:8]}  accuracy {row['accuracy']:.4f}  " + "  ".join(f"{key} {row[key]}" for key in SCORES), flush=True)
    rows.sort(key=lambda row: row["accuracy"])
    print(f"{len(rows)} operators, {arguments.epochs} epochs, accuracies from {rows[0]['accuracy']:.4f} to {rows[-1]['accuracy']:.4f}")
    for name, part in (("all", rows), ("the better half", rows[len(rows) // 2:])):
        accuracy = [row["accuracy"] for row in part]
        for key in (*SCORES, "params"):
            score = [-math.inf if row[key] is None else row[key] for row in part]
            print(f"{name}: {key:<14} rho {spearman(score, accuracy):+.3f}  tau {kendall(score, accuracy):+.3f}")


if __name__ == "__main__":
    main()
