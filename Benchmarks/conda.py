#!/usr/bin/env python3
"""Measures the installation of conda packages beside py-rattler, all in one run.

    python3 Benchmarks/conda.py --channel DIRECTORY     the packages of conda-pins.txt, from a copy of a channel
    python3 Benchmarks/conda.py --write docs/performance.md

Both install the same archives from the same disk with nothing cached: Airlift out of its bundle, as a whole
process; of py-rattler only the call that installs is counted, neither its start nor its solving. What bench.py
says about turns, sync(2) and fresh directories holds here too. py-rattler comes from the package index once.
"""

import argparse
import datetime
import fcntl
import os
import platform
import sys
from pathlib import Path

from bench import (
    AIRLIFT, CALVER, INSTALLER, PROCESSORS, PYTHON, ROOT, WORK, Bars, Bundles, Contestant, Places, build, checked, compete,
    markdown, say, stop, table, write)

BEGIN, END = "<!-- conda figures: begin -->", "<!-- conda figures: end -->"


class Rattler(Contestant):
    """Counts the call of `install`, which the script times."""

    def finish(self, directory):
        # py-rattler now and then crashes while it ends, after everything is done: what it wrote counts.
        self.runs[-1].wall = float((directory / "seconds").read_text())


class Bench:
    def __init__(self, options):
        self.options, self.bars, self.parts = options, Bars(), []
        build(Path(__file__).resolve().parent / "measure.c")
        self.python = self.peer()
        self.specs = (ROOT / "Benchmarks/conda-pins.txt").read_text().splitlines()
        self.bundle = self.cut()
        self.manifest = Bundles.read_manifest(self.bundle)
        self.files = sum(archive["installed"]["files"] for archive in self.manifest["archives"])
        self.bytes = sum(archive["installed"]["bytes"] for archive in self.manifest["archives"])

    def peer(self):
        home = WORK / "conda-peers"
        if not (home / "bin" / "python").exists():
            say("installing py-rattler to compare with")
            checked([PYTHON, "-m", "venv", home])
            checked([home / "bin" / "python", "-m", "pip", "install", "-q", "py-rattler"])
        self.version = checked([home / "bin" / "pip", "show", "py-rattler"]).splitlines()[1].split()[1]
        return home / "bin" / "python"

    def cut(self):
        say("cutting the packages of conda-pins.txt")
        spec = WORK / "specs" / "conda"
        spec.mkdir(parents=True, exist_ok=True)
        pins = "".join(f'    "{pin}",\n' for pin in self.specs)
        (spec / "bundle.toml").write_text(
            'name = "conda"\nplatforms = ["linux-64"]\n\n[target]\nglibc = "2.36"\n\n[python]\nconda = "3.10.*"\n\n'
            f'[conda]\nchannels = ["file://{self.options.channel}"]\ndependencies = [\n{pins}]\n')
        checked([AIRLIFT, "cut", "-q", "--replace", "--calver", CALVER, "--output", WORK / "bundles" / "conda", spec])
        return WORK / "bundles" / "conda" / f"conda-{CALVER}-linux-64.sh"

    def airlift(self, *options):
        command = ["sh", self.bundle, "-b", "-q", *options, "-p"]
        return lambda directory: ([*command, directory / "env"], {})

    def installer(self, directory):
        return [INSTALLER, "install", self.bundle, "-b", "-q", "--no-compile", "--no-sync", "-p", directory / "env"], {}

    def rattler(self, directory):
        command = [self.python, ROOT / "Benchmarks/rattler_install.py", f"file://{self.options.channel}"]
        # rattler's spelling of an exact pin
        specs = ["{} =={} {}".format(*spec.replace("=", " ").split(maxsplit=2)) for spec in self.specs]
        return [*command, directory / "env", directory / "cache", directory / "seconds", *specs], {"accept": (0, 139)}

    def install(self, place):
        contestants = [
            Contestant("Airlift", self.airlift("--no-compile", "--no-sync")),
            Contestant("Airlift, durable", self.airlift("--no-compile")),
            Contestant("Airlift, started by an installer at hand", self.installer),
            Contestant("Airlift, compiling noarch packages", self.airlift("--no-sync")),
            Rattler("py-rattler, empty cache", self.rattler),
        ]
        title = f"Installing conda packages, {place.label}"
        compete(title, place, contestants, self.options.rounds, expected=self.files)
        airlift, durable, _, _, rattler = contestants
        self.parts.append(f"### {title}\n\n{table(contestants, rattler)}")
        print(self.parts[-1] + "\n", flush=True)
        self.bars.add(f"conda install, {place.label}: Airlift / py-rattler", 0.7, airlift.median() / rattler.median())
        self.bars.add(f"conda install, {place.label}: durable / py-rattler", 0.7, durable.median() / rattler.median())
        self.bars.add(f"conda install, {place.label}: peak memory", 256, max(r.peak for r in airlift.runs), " MiB")

    def run(self):
        with Places(self.options.places) as places:
            for place in places:
                self.install(place)
        self.parts.append("### The bars for conda packages\n\n" + markdown(self.bars.rows))
        print(self.parts[-1])
        return "\n\n".join(self.parts)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("AIRLIFT_SHARED", ROOT.parent / "shared")) / "data/channels/forge"
    parser.add_argument("--channel", type=Path, default=shared, help="a copy of a channel that has the pinned packages")
    parser.add_argument("--if-there", action="store_true", help="without a channel, say so and measure nothing")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--places", default="disk,tmpfs", help="disk, tmpfs or both")
    parser.add_argument("--write", type=Path, help="put the figures into this document")
    options = parser.parse_args()
    options.places, options.channel = options.places.split(","), options.channel.resolve()
    if options.if_there and not (options.channel / "linux-64").is_dir():
        print("bench: NOT MEASURED: conda packages, for want of a channel (--channel DIRECTORY)")
        sys.exit(0)
    if not (options.channel / "linux-64").is_dir():
        stop(f"{options.channel} is no channel; name a copy of one with --channel DIRECTORY")
    return options


def main():
    options = parse()
    if not AIRLIFT.exists():
        stop(f"{AIRLIFT.relative_to(ROOT)} is not there; run `make build` first")
    WORK.mkdir(parents=True, exist_ok=True)
    lock = open(WORK / "lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stop("another benchmark is running here")
    bench = Bench(options)
    head = "\n".join([
        f"- Date: {datetime.date.today()}, {PROCESSORS} processors, Linux {platform.release().split('-')[0]}, "
        f"py-rattler {bench.version}, {options.rounds} rounds",
        f"- {len(bench.manifest['archives'])} packages, {bench.files:,} files, {bench.bytes / 1e6:.0f} MB unpacked, "
        f"bundle {bench.bundle.stat().st_size / 1e6:.1f} MB"])
    print(head + "\n")
    text = bench.run()
    if options.write:
        write(options.write, f"{head}\n\n{text}", BEGIN, END)


if __name__ == "__main__":
    main()
