#!/usr/bin/env python3
"""Measures an upgrade that changes 5 % of a bundle: time, and bytes that reach the disk.

    sudo python3 Benchmarks/upgrade.py                               ext4, xfs and btrfs, three rounds
    sudo python3 Benchmarks/upgrade.py --set quickstart --rounds 1   in a minute or two
    sudo python3 Benchmarks/upgrade.py --write docs/performance.md

The second bundle has the wheels of the first, but for some of them whose sources all got one more line. Each
round runs in a new image of each file system on a loop device of its own, so that the kernel's counter of that
device says what was written, journal and inodes included, whatever else the machine does. A run begins and ends
with a sync of the file system; what it leaves stays, as removing would slow down what follows. Needs root (for
the loop devices), mkfs of the file systems, and what bench.py needs.
"""

import argparse
import base64
import csv
import datetime
import hashlib
import io
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import zipfile
from pathlib import Path

import bench
from bench import Peers, Run, checked, markdown, say, stop

BEGIN, END = "<!-- upgrade: begin -->", "<!-- upgrade: end -->"
VERSIONS = ["2026.01.01", "2026.02.01"]
MAKERS = {"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"], "btrfs": ["mkfs.btrfs", "-q", "-f"]}
IMAGE = 12 << 30  # bytes, sparse


def changed_wheel(path, folder):
    """The wheel with a build tag, a line more in each source, and a RECORD that says so."""
    name, version, *tags = path.stem.split("-")
    tags = tags[-3:]
    target = folder / f"{'-'.join([name, version, '1upgrade', *tags])}.whl"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        rows, record = [], None
        for info in old.infolist():
            if info.filename.endswith(".dist-info/RECORD"):
                record = info
                continue
            data = old.read(info)
            if info.filename.endswith(".py"):
                data += b"\n# upgraded\n"
                info.date_time = (2026, 2, 1, 0, 0, 0)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
            if not info.is_dir():
                digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                rows.append([info.filename, f"sha256={digest}", len(data)])
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*rows, [record.filename, "", ""]])
        new.writestr(record, text.getvalue())
    return target


class Sets:
    """Both bundles and their wheels."""

    def __init__(self, name, share):
        self.name = name
        self.folder = bench.WORK / "upgrade" / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.bundles = [self.cut(VERSIONS[0], [])]
        first = self.manifest(self.bundles[0])
        wheels = [a for a in first["archives"] if a["kind"] == "wheel"]
        self.changed = self.choose(wheels, share)
        with zipfile.ZipFile(self.bundles[0]) as bundle:
            for archive in self.changed:
                (self.folder / archive["filename"]).write_bytes(bundle.read(archive["path"]))
        self.bundles.append(self.cut(VERSIONS[1], [self.folder / a["filename"] for a in self.changed]))
        second = self.manifest(self.bundles[1])
        known = {archive["sha256"] for archive in first["archives"]}
        fresh = [archive for archive in second["archives"] if archive["sha256"] not in known]
        if len(fresh) != len(self.changed):
            stop(f"{len(fresh)} archives differ, and {len(self.changed)} should")
        self.archives, self.fresh = second["archives"], fresh
        self.wheels = []
        for index, bundle in enumerate(self.bundles):
            target = self.folder / f"wheels-{index}"
            target.mkdir()
            with zipfile.ZipFile(bundle) as content:
                for archive in self.manifest(bundle)["archives"]:
                    if archive["kind"] == "wheel":
                        (target / archive["filename"]).write_bytes(content.read(archive["path"]))
            self.wheels.append(sorted(target.glob("*.whl")))

    @staticmethod
    def manifest(bundle):
        with zipfile.ZipFile(bundle) as archive:
            return json.loads(archive.read("airlift/manifest.json"))

    @staticmethod
    def choose(wheels, share):
        """Wheels with sources, of all sizes, that are together that share of the installed bytes."""
        total = sum(wheel["installed"]["bytes"] for wheel in wheels)
        chosen, size = [], 0
        for wheel in sorted(wheels, key=lambda wheel: wheel["sha256"]):
            bytes_ = wheel["installed"]["bytes"]
            if wheel.get("url") and size + bytes_ <= total * share:
                chosen.append(wheel)
                size += bytes_
        return chosen

    def cut(self, version, changed):
        source, spec = bench.ROOT / "bundles" / self.name, self.folder / f"spec-{version}"
        shutil.copytree(source, spec, ignore=shutil.ignore_patterns("dist", "capture.lock", "*.so"))
        if (spec / "app" / "build-wheel.py").exists():
            checked([bench.PYTHON, spec / "app" / "build-wheel.py"])
        if changed:
            wheels = spec / "wheels"
            wheels.mkdir()
            local = [f'"./wheels/{changed_wheel(path, wheels).name}"' for path in changed]
            text = (spec / "bundle.toml").read_text()
            text = re.sub(r"(requirements = \[)", lambda found: found[1] + ", ".join(local) + ", ", text, count=1)
            (spec / "bundle.toml").write_text(text)
            names = {path.name.split("-")[0].lower().replace("_", "-") for path in changed}
            for listing in [spec / "requirements.txt"]:
                if listing.exists():
                    kept = [line for line in listing.read_text().splitlines(True)
                            if re.split("[=<>~! ;]", line)[0].lower().replace("_", "-").replace(".", "-") not in names]
                    listing.write_text("".join(kept))
            checked([bench.AIRLIFT, "lock", "-q", spec])
        say(f"cutting {self.name} {version}")
        checked([bench.AIRLIFT, "cut", "-q", "--replace", "--calver", version, "--output", self.folder, spec])
        return self.folder / f"{self.name}-{version}-linux-64.sh"


class Image:
    """A new file system in a file, on a loop device of its own."""

    def __init__(self, kind):
        self.kind = kind
        self.file = bench.WORK / "upgrade" / f"{kind}.img"
        self.place = bench.WORK / "upgrade" / f"{kind}.mount"

    def __enter__(self):
        self.file.unlink(missing_ok=True)
        with open(self.file, "wb") as file:
            file.truncate(IMAGE)
        checked([*MAKERS[self.kind], self.file])
        self.device = checked(["losetup", "--find", "--show", self.file]).strip()
        self.place.mkdir(parents=True, exist_ok=True)
        checked(["mount", self.device, self.place])
        (self.place / "tmp").mkdir()
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", self.place], check=False)
        subprocess.run(["losetup", "-d", self.device], check=False)
        self.file.unlink(missing_ok=True)

    def written(self):
        """Bytes that reached the device since it was made."""
        checked(["sync", "-f", self.place])
        return int(Path(f"/sys/block/{Path(self.device).name}/stat").read_text().split()[6]) * 512

    def measure(self, command):
        before = self.written()
        run = Run(command, env=bench.environment(self.place / "tmp"))
        run.bytes = self.written() - before
        return run


class Upgrade:
    def __init__(self, options):
        self.options = options
        bench.build(Path(__file__).resolve().parent / "measure.c")
        self.peers = Peers()
        self.sets = Sets(options.set, options.share)
        self.rows = {}

    def airlift(self, bundle, root, *options):
        """The installer that the root keeps, where there is one: a bundle that is run with sh copies its own into
        TMPDIR first, which is 20 MB more."""
        kept = root / ".airlift" / "airlift"
        installer = kept if kept.exists() else bench.INSTALLER
        return [installer, "install", bundle, "-b", "-q", "--python", bench.PYTHON, "--root", root, *options]

    def uv(self, image, name, wheels, *options):
        (image.place / name).mkdir()
        python = self.peers.venv(image.place / name)
        return [self.peers.uv, "pip", "install", "-q", "--offline", "--no-index", "--no-deps", "--python", python,
                *options, *wheels]

    def round(self, kind):
        old, new = self.sets.bundles
        with Image(kind) as image:
            cache = image.place / "cache"
            for suffix, mine, theirs in [
                    ("", [], ["--compile-bytecode"]), (", no byte code", ["--no-compile"], [])]:
                root = image.place / f"root{len(mine)}"
                checked(self.airlift(old, root, *mine))
                self.note(kind, f"Airlift: upgrade{suffix}", image.measure(self.airlift(new, root, *mine)))
                self.note(kind, f"Airlift: everything unpacked{suffix}", image.measure(
                    self.airlift(new, image.place / f"alone{len(mine)}", *mine)))
                self.note(kind, f"uv --no-cache{suffix}", image.measure(
                    self.uv(image, f"uv{len(mine)}", self.sets.wheels[1], "--no-cache", *theirs)))
                # The cache as it is after the first set was installed on this file system.
                checked(self.uv(image, f"first{len(mine)}", self.sets.wheels[0], "--cache-dir", cache, *theirs))
                self.note(kind, f"uv, cache of the first set{suffix}", image.measure(
                    self.uv(image, f"second{len(mine)}", self.sets.wheels[1], "--cache-dir", cache, *theirs)))
            self.rollback(kind, image)

    def rollback(self, kind, image):
        installer = image.place / "root0" / ".airlift" / "airlift"
        if installer.exists():
            self.note(kind, "Airlift: rollback", image.measure([installer, "rollback", "-q"]))

    def note(self, kind, name, run):
        say(f"{kind}: {name}: {run.wall:.2f} s, {run.bytes / 1e6:.1f} MB")
        self.rows.setdefault((kind, name), []).append(run)

    def run(self):
        for number in range(self.options.rounds):
            for kind in self.options.on:
                say(f"round {number + 1} of {self.options.rounds}, {kind}")
                self.round(kind)
        return self.text()

    def text(self):
        sets, parts = self.sets, []
        total = sum(a["installed"]["bytes"] for a in sets.archives)
        fresh = sum(a["installed"]["bytes"] for a in sets.fresh)
        command = " ".join(["python3 Benchmarks/upgrade.py", *sys.argv[1:]])
        load = os.getloadavg()[0]
        parts.append(
            f"- Date: {datetime.date.today()}, {checked([bench.AIRLIFT, '--version']).strip()}\n"
            f"- Machine: {bench.PROCESSORS} processors, Linux {platform.release().split('-')[0]}, load of others at the end {load:.1f}\n"
            f"- Peer: {self.peers.versions[0]}\n"
            f"- Set: {sets.name}, {len(sets.archives)} archives of {total / 1e6:.0f} MB installed; "
            f"{len(sets.fresh)} of them ({fresh / 1e6:.1f} MB, {100 * fresh / total:.1f} %) are others in the second bundle: "
            + ", ".join(sorted(a["name"] for a in sets.fresh)) + f"\n- Command: `{command}`")
        for kind in self.options.on:
            rows = [["", "median s", "range s", "user s", "system s", "MB written"]]
            for (where, name), runs in self.rows.items():
                if where != kind:
                    continue
                walls = [run.wall for run in runs]
                rows.append([
                    name, f"{statistics.median(walls):.2f}", f"{min(walls):.2f}-{max(walls):.2f}",
                    f"{statistics.median(run.user for run in runs):.2f}",
                    f"{statistics.median(run.system for run in runs):.2f}",
                    f"{statistics.median(run.bytes for run in runs) / 1e6:.1f}"])
            parts.append(f"#### {kind}\n\n{markdown(rows)}")
        return "\n\n".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--set", default="data-science", help="a directory of bundles/")
    parser.add_argument("--share", type=float, default=0.05, help="of the installed bytes that changes (default: 0.05)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--on", default="ext4,xfs,btrfs", help="file systems")
    parser.add_argument("--write", metavar="FILE", help="put the figures into this document")
    options = parser.parse_args()
    options.on = [kind for kind in options.on.split(",") if shutil.which(MAKERS[kind][0]) or say(f"no {MAKERS[kind][0]}")]
    if os.geteuid() != 0:
        stop("loop devices need root")
    bench.WORK.mkdir(parents=True, exist_ok=True)
    text = Upgrade(options).run()
    print(text)
    if options.write:
        path = Path(options.write)
        document = path.read_text()
        before, rest = document.split(BEGIN)
        path.write_text(before + BEGIN + "\n" + text + "\n" + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
