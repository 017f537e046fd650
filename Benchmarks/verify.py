#!/usr/bin/env python3
"""Measures `verify-install` and `repair` against sha256sum and openssl of the same files.

    make build && python3 Benchmarks/verify.py BUNDLE.sh            prints a table
    python3 Benchmarks/verify.py BUNDLE.sh --rounds 9 --place DIR   installs below DIR

The bundle is installed once and every file is read once before, so that all of them find the files in the page cache.
The peers read the files of Airlift's list and nothing else: `xargs -P` hands them to as many processes as there are
processors, 200 files each. They compare with nothing, take no look at permissions, links or extra files, and know
nothing of prefixes: they are the floor of hashing. Whole processes, medians of wall time, standard library only.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTALLER = ROOT / ".build" / "product" / "libexec" / "airlift" / "airlift-installer-linux-64"


def run(command, **options):
    """Seconds of the clock, and of processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    seconds = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, busy, done


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--place", default=None)
    parser.add_argument("--installer", default=str(INSTALLER))
    options = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="airlift-verify.", dir=options.place)
    try:
        measure(options, scratch)
    finally:
        shutil.rmtree(scratch)


def measure(options, scratch):
    prefix = f"{scratch}/p"
    installer = options.installer
    subprocess.run(
        [installer, "install", options.bundle, "-b", "--no-sync", "-q", "-p", prefix], check=True)
    files = []
    for line in Path(prefix, ".airlift/files").read_bytes().split(b"\n"):
        if line[:2] in (b"f ", b"c "):
            files.append(line.split(b" ", 4)[4].replace(b"\\n", b"\n").replace(b"\\\\", b"\\"))
    names = b"\0".join(files) + b"\0"
    size = sum(os.lstat(os.path.join(os.fsencode(prefix), name)).st_size for name in files)
    jobs = str(os.cpu_count())
    peers = {
        "verify-install": [installer, "verify-install", "-q", prefix],
        "verify-install, one thread": [installer, "verify-install", "-q", "-j", "1", prefix],
        "verify-install --bundle": [installer, "verify-install", "-q", prefix, "--bundle", options.bundle],
        "repair, nothing to do": [installer, "repair", "-q", prefix, "--bundle", options.bundle],
        "sha256sum": ["xargs", "-0", "-P", jobs, "-n", "200", "sha256sum"],
        "sha256sum, one process": ["xargs", "-0", "sha256sum"],
        "openssl dgst -sha256": ["xargs", "-0", "-P", jobs, "-n", "200", "openssl", "dgst", "-sha256"],
    }
    times = {name: [] for name in peers}
    for number in range(options.rounds + 1):
        for name, command in peers.items():
            if command[0] == "xargs":
                seconds, busy, done = run(command, input=names, cwd=prefix)
            else:
                seconds, busy, done = run(command)
            if done.returncode:
                raise SystemExit(f"{name}: exit code {done.returncode}: {done.stderr.decode()}")
            if number:
                times[name].append((seconds, busy))
    print(f"{len(files)} files, {size / 1e6:.0f} MB, {os.cpu_count()} processors, {options.rounds} rounds, "
          f"load of others {os.getloadavg()[0]:.1f}\n")
    print("| | median s | range s | processor s | MB/s |\n|---|---:|---:|---:|---:|")
    for name, taken in times.items():
        walls = [seconds for seconds, _ in taken]
        middle, busy = statistics.median(walls), statistics.median(busy for _, busy in taken)
        print(f"| {name} | {middle:.2f} | {min(walls):.2f}-{max(walls):.2f} | {busy:.2f} | {size / 1e6 / middle:.0f} |")


if __name__ == "__main__":
    main()
