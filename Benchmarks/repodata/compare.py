#!/usr/bin/env python3
"""Measures loading a large channel and following dependencies in it, beside py-rattler, and prints a table.

    swift build -c release --product RepodataBenchmark
    python3 Benchmarks/repodata/scale.py CHANNEL LARGE --records 1000000
    python3 Benchmarks/repodata/compare.py LARGE --peer PYTHON

PYTHON is an interpreter that has py-rattler. Both read the same two files of LARGE, which are in the page cache;
they take turns, and medians are compared. Memory is the largest that the process ever had, mapped files included;
py-rattler's has its interpreter in it, whose share is printed too.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BENCHMARK = ROOT / ".build" / "release" / "RepodataBenchmark"
SETS = {
    "web service": ["python", "flask", "gunicorn", "requests", "sqlalchemy"],
    "data science": ["python", "numpy", "pandas", "scikit-learn", "matplotlib", "jupyterlab", "pytorch"],
}


def run(command):
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen([str(part) for part in command], stdout=output)
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            sys.exit(f"{command[0]} gave status {status}")
        output.seek(0)
        result = json.loads(output.read())
    return result | {"wall": result["load"] + result["closure"], "peak": usage.ru_maxrss / 1024}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("channel", type=Path)
    parser.add_argument("--peer", required=True, help="an interpreter that has py-rattler")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    channel = options.channel.resolve()

    print("| set | names | records | | load s | closure s | processor s | peak MiB |")
    print("|---|--:|--:|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as store:
        for title, names in SETS.items():
            contestants = {
                "Airlift": [BENCHMARK, channel, store, *names],
                "py-rattler": [options.peer, Path(__file__).parent / "peer.py", channel, *names],
            }
            runs = {name: [] for name in contestants}
            for _ in range(options.rounds):
                for name, command in contestants.items():
                    runs[name].append(run(command))
            medians = {
                name: {key: statistics.median(run[key] for run in results) for key in results[0]}
                for name, results in runs.items()}
            for name, m in medians.items():
                print(
                    f"| {title} | {m['names']:.0f} | {m['records']:.0f} | {name} | {m['load']:.3f} | {m['closure']:.3f} "
                    f"| {m['processor']:.3f} | {m['peak']:.0f} |")
            ours, theirs = medians["Airlift"], medians["py-rattler"]
            ratios = " | ".join(
                f"{ours[key] / theirs[key]:.2f}" for key in ("load", "closure", "processor", "peak"))
            print(f"| {title} | | | ratio | {ratios} |")
            same = all(ours[key] == theirs[key] for key in ("names", "records"))
            print(f"{title}: {'the same' if same else 'NOT the same'} names and records; wall {ours['wall']:.3f} and "
                  f"{theirs['wall']:.3f} s, ratio {ours['wall'] / theirs['wall']:.2f}; py-rattler's interpreter alone "
                  f"has {theirs['interpreter'] / 1024:.0f} MiB", file=sys.stderr)


if __name__ == "__main__":
    main()
