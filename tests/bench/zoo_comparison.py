#!/usr/bin/env python3
"""Every operator that comes with the program, on the 3x3 layers of ResNet-18 that it fits: our best back end (libtorch, cpp, halide)
against the best of plain einsum lowering, TorchScript and Halide's own schedulers.

Each back end is measured in turns with the fastest library convolution, and its ratio to that is what is compared, so
that a machine which changes its speed between two measurements favours neither. Prints a line for each case and the
share of cases in which ours is the fastest.

    tests/bench/zoo_comparison.py build/release/bin/synoscope-cli [--threads 1 2] [--operators conv2d shift]
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

OURS = ("libtorch", "cpp", "halide")
RIVALS = ("einsum", "torchscript", "halide-adams", "halide-li", "halide-mullapudi")
ZOO = pathlib.Path(__file__).resolve().parents[2] / "resources" / "operators"
NO_IMAGE = {"linear"}  # ResNet-18 has no such slot
# The 3x3 layers of ResNet-18 by channels in and out and side, and which of them an operator does not fit.
LAYERS = ((64, 64, 56), (64, 128, 28), (128, 128, 28), (128, 256, 14), (256, 256, 14), (256, 512, 7), (512, 512, 7))
UNFIT = {"depthwise": lambda c_in, c_out, side: c_in != c_out, "pooled": lambda c_in, c_out, side: side % 2 != 0}


def with_layers(operator, folder):
    """A file of the operator with the network's layers in place of its own."""
    lines = (ZOO / f"{operator}.pgraph").read_text().splitlines()
    names = next(line for line in lines if line.startswith("primary")).split()[1:]
    unfit = UNFIT.get(operator, lambda *_: False)
    binds = []
    for c_in, c_out, side in LAYERS:
        values = {"N": 1, "C": c_in, "C_in": c_in, "C_out": c_out, "H": side, "W": side}
        if not unfit(c_in, c_out, side):
            binds.append("bind " + " ".join(f"{name}={values[name]}" for name in names))
    file = pathlib.Path(folder) / f"{operator}.pgraph"
    file.write_text("\n".join([line for line in lines if not line.startswith("bind")] + binds) + "\n")
    return str(file)


def ratios(cli, operator, backend, threads, arguments):
    """By layer; nothing where the back end cannot run the operator."""
    command = [cli, "bench", operator, "--backend", backend, "--threads", str(threads),
               "--seconds", str(arguments.seconds), "--repeats", "5", "--limit", str(arguments.limit), "--json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        results = json.loads(answer.stdout)["results"]
    except (json.JSONDecodeError, KeyError):
        sys.exit(f"{' '.join(command)}: {answer.stderr.strip()}")
    failures = [one["error"] for one in results if one["error"]]
    if failures:
        print(f"  {backend}: {failures[0]}", file=sys.stderr)
    return {one["binding"]: one["ratio"] for one in results if not one["error"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--operators", nargs="+",
                        default=sorted(file.stem for file in ZOO.glob("*.pgraph") if file.stem not in NO_IMAGE))
    parser.add_argument("--seconds", type=float, default=0.2, help="for each layer")
    parser.add_argument("--limit", type=float, default=120, help="seconds for an operator and back end")
    arguments = parser.parse_args()
    cases = won = close = 0
    folder = tempfile.TemporaryDirectory()
    for threads in arguments.threads:
        for operator in arguments.operators:
            file = with_layers(operator, folder.name)
            measured = {backend: ratios(arguments.cli, file, backend, threads, arguments) for backend in OURS + RIVALS}
            for layer in measured["libtorch"]:
                best = {side: min((measured[backend][layer], backend) for backend in side if layer in measured[backend])
                        for side in (OURS, RIVALS)}
                (ours, by), (theirs, rival) = best[OURS], best[RIVALS]
                cases += 1
                won += ours <= theirs
                close += ours <= 1.03 * theirs
                print(f"{'' if ours <= theirs else '! '}{operator}  {layer}  {threads} threads: {ours:.3f} ({by}) "
                      f"against {theirs:.3f} ({rival}), {theirs / ours:.2f} times as fast", flush=True)
    print(f"fastest in {won} of {cases} cases ({100 * won / max(cases, 1):.0f} %), fastest or within 3 % in {close} "
          f"({100 * close / max(cases, 1):.0f} %)")


if __name__ == "__main__":
    main()
