#!/usr/bin/env python3
"""Measures Airlift beside uv, pip and the bare limit, all in one run, and prints tables.

    make bench                                          everything, with the data-science set
    python3 Benchmarks/bench.py --quick                 the quickstart set, three rounds: a few minutes
    python3 Benchmarks/bench.py --only install,start    some sections of it
    python3 Benchmarks/bench.py --write docs/performance.md

Contestants take turns (A B C A B C ...), each run begins with sync(2), each installs into a directory that
was never there, and medians are compared. Nothing is removed before the end of a section's file system: ext4
passes over inodes that were freed within the last minutes, one by one, which makes every later run several
times slower, whoever it is. Standard library only; uv and a current pip come from the package index once.
"""

import argparse
import base64
import datetime
import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".build" / "bench"
AIRLIFT = ROOT / ".build" / "product" / "bin" / "airlift"
INSTALLER = ROOT / ".build" / "product" / "libexec" / "airlift" / "airlift-installer-linux-64"
PYTHON = "/usr/bin/python3"  # that of the captured interpreter
PROCESSORS = len(os.sched_getaffinity(0))
CALVER = "2026.01.01"
SECTIONS = ["install", "compile", "cut", "verify", "memory", "start"]
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
SETTLE = 90  # seconds; ext4 looks at inodes freed in the last 60 s


def stop(reason):
    sys.exit(f"bench: {reason}")


def say(text):
    print(text, file=sys.stderr, flush=True)


def environment(temporary):
    """No settings of the user's, and temporary files on the file system that is measured."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "PYTHON", "VIRTUAL_ENV"))}
    return kept | {"TMPDIR": str(temporary), "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "LC_ALL": "C.UTF-8"}


def checked(command, **options):
    """Runs a step that is not measured."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        stop(f"{' '.join(map(str, command[:4]))} ... gave exit code {done.returncode}:\n{done.stdout.decode()[-2000:]}")
    return done.stdout.decode()


class Run:
    """One measured process with its descendants."""

    def __init__(self, command, *, env=None, cwd=None, stdin=None, accept=(0,)):
        log = WORK / "last.log"
        reading, writing = os.pipe()
        with open(stdin or os.devnull, "rb") as source, open(log, "wb") as output:
            os.sync()
            subprocess.run(
                [WORK / "measure", str(writing), *(str(part) for part in command)],
                env=env, cwd=cwd, stdin=source, stdout=output, stderr=output, pass_fds=[writing], check=True)
        os.close(writing)
        with open(reading) as report:
            wall, user, system, peak, code = report.read().split()
        if int(code) not in accept:
            stop(f"{' '.join(map(str, command))[:300]} gave exit code {code}:\n{log.read_text()[-2000:]}")
        self.wall, self.user, self.system = float(wall), float(user), float(system)
        self.peak = int(peak) / 1024  # MiB, of the largest process


class Place:
    """A fresh directory on one file system; what is in it goes at the end."""

    def __init__(self, label, path):
        self.label, self.path, self.count = label, Path(path), 0
        self.temporary = self.path / "tmp"
        self.temporary.mkdir(parents=True)
        self.disposable = self.kind(path) == "tmpfs"
        self.env = environment(self.temporary)

    @staticmethod
    def kind(path):
        return checked(["stat", "-f", "-c", "%T", path]).strip().replace("ext2/ext3", "ext4")

    def fresh(self):
        free = shutil.disk_usage(self.path).free
        if free < 6 << 30:
            stop(f"less than 6 GB are free in {self.label}; fewer --rounds take less")
        self.count += 1
        return self.path / f"run-{self.count}"

    def used(self, directory):
        """Memory is given back at once; on a disk, removing would slow down what follows."""
        if self.disposable:
            shutil.rmtree(directory, ignore_errors=True)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)
        if not self.disposable:
            (WORK / "removed").touch()


class Places:
    """The file systems that are measured."""

    def __init__(self, names):
        self.all = []
        runs = WORK / "runs"
        if runs.exists():
            say("removing what an earlier run left")
            shutil.rmtree(runs, ignore_errors=True)
            (WORK / "removed").touch()
        runs.mkdir(parents=True)
        try:
            wait = (WORK / "removed").stat().st_mtime + SETTLE - time.time()
            if wait > 0:
                say(f"waiting {wait:.0f} s for the file system to forget what was removed")
                time.sleep(min(wait, SETTLE))
        except FileNotFoundError:
            pass
        if "disk" in names:
            self.all.append(Place(Place.kind(runs), runs / str(os.getpid())))
        if "tmpfs" in names:
            if Place.kind("/dev/shm") == "tmpfs":
                self.all.append(Place("tmpfs", f"/dev/shm/airlift-bench-{os.getpid()}"))
            else:
                say("NOTE: /dev/shm is no tmpfs here; left out")

    def __enter__(self):
        return self.all

    def __exit__(self, *_):
        for place in self.all:
            place.remove()


class Contestant:
    """`prepare` makes what is not measured and gives the command (and options of `Run`)."""

    def __init__(self, name, prepare):
        self.name, self.prepare, self.runs = name, prepare, []

    def finish(self, directory):
        """Called after each run, before its directory goes."""

    def median(self, what="wall"):
        return statistics.median(getattr(run, what) for run in self.runs)


def compete(title, place, contestants, rounds, expected=None):
    for number in range(rounds):
        for contestant in contestants:
            say(f"{title}, round {number + 1} of {rounds}: {contestant.name}")
            directory = place.fresh()
            directory.mkdir()
            command, options = contestant.prepare(directory)
            contestant.runs.append(Run(command, **({"env": place.env} | options)))
            contestant.finish(directory)
            if expected and number == 0:
                found = sum(len(files) for _, _, files in os.walk(directory / "env"))
                if found < expected * 0.99:
                    stop(f"{contestant.name} wrote {found} files, and {expected} were expected")
            place.used(directory)
    return contestants


def table(contestants, base=None, names=None):
    """Seconds: median and range; the base's column says how many times as long as it each one takes."""
    rows = [["", "median s", "range s", "user s", "system s", "peak MiB"] + (["ratio"] if base else [])]
    for c in contestants:
        walls = [run.wall for run in c.runs]
        row = [
            c.name, f"{c.median():.2f}", f"{min(walls):.2f}-{max(walls):.2f}", f"{c.median('user'):.2f}",
            f"{c.median('system'):.2f}", f"{max(run.peak for run in c.runs):.0f}"]
        rows.append(row + ([f"{c.median() / base.median():.2f}"] if base else []))
    return markdown(rows)


def markdown(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]

    def line(row):
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        return "| " + " | ".join(cells) + " |"

    rule = "|" + "|".join(["-" * (widths[0] + 2)] + ["-" * (w + 1) + ":" for w in widths[1:]]) + "|"
    return "\n".join([line(rows[0]), rule] + [line(row) for row in rows[1:]])


class Bars:
    """What the project holds itself to, and what was found."""

    def __init__(self):
        self.rows = [["bar", "at most", "found", ""]]

    def add(self, name, limit, found, unit=""):
        verdict = "met" if found <= limit else "MISSED"
        self.rows.append([name, f"{limit:g}{unit}", f"{found:.2f}{unit}", verdict])


class Bundles:
    """The set that is measured: cut with its interpreter, without, and with byte code too; and its plain wheels."""

    def __init__(self, name):
        self.name = name
        self.captured = self.cut("captured")
        self.manifest = self.read_manifest(self.captured)
        # A captured interpreter raises the glibc of the target, and with it the choice of wheels.
        glibc, minor = self.manifest["target"]["glibc"], ".".join(self.manifest["python"]["version"].split(".")[:2])
        self.host = self.cut("host", lambda text: re.sub(r"^capture = .*$", f'host = "{minor}"', (
            re.sub(r"^glibc = .*$", f'glibc = "{glibc}"', text, flags=re.M)
            if "[target]" in text else f'{text}\n[target]\nglibc = "{glibc}"\n'), flags=re.M))
        self.bytecode = self.cut("bytecode", lambda text: text + '\n[install]\nbytecode = "bundle"\n')
        self.wheels = self.extract()
        self.files = sum(archive["installed"]["files"] for archive in self.manifest["archives"] if archive["kind"] == "wheel")
        self.bytes = sum(archive["installed"]["bytes"] for archive in self.manifest["archives"] if archive["kind"] == "wheel")

    def spec(self, variant):
        return WORK / "specs" / f"{self.name}-{variant}"

    @staticmethod
    def read_manifest(bundle):
        with zipfile.ZipFile(bundle) as archive:
            return json.loads(archive.read("airlift/manifest.json"))

    def cut(self, variant, change=lambda text: text):
        source, spec = ROOT / "bundles" / self.name, self.spec(variant)
        shutil.copytree(source, spec, dirs_exist_ok=True, ignore=shutil.ignore_patterns("dist", "*.lock", "*.so"))
        (spec / "bundle.toml").write_text(change((source / "bundle.toml").read_text()))
        if (spec / "app" / "build-wheel.py").exists():
            checked([PYTHON, spec / "app" / "build-wheel.py"])
        say(f"cutting {self.name} ({variant})")
        checked([AIRLIFT, "cut", "-q", "--replace", "--calver", CALVER, "--output", WORK / "bundles" / variant, spec])
        return WORK / "bundles" / variant / f"{self.name}-{CALVER}-linux-64.sh"

    def extract(self):
        """The archives out of the bundle, so that all install the same bytes."""
        self.folder = WORK / "archives" / self.name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        digests = []
        with zipfile.ZipFile(self.captured) as bundle:
            for archive in self.manifest["archives"]:
                path = self.folder / archive["filename"]
                path.write_bytes(bundle.read(archive["path"]))
                digests.append((archive["kind"], archive["sha256"], path))
        self.all_archives = [path for _, _, path in digests]
        self.list = self.folder / "sha256"
        self.list.write_text("".join(f"{digest}  {path}\n" for kind, digest, path in digests if kind == "wheel"))
        same = sorted(archive["sha256"] for archive in self.read_manifest(self.host)["archives"])
        if same != sorted(digest for kind, digest, _ in digests if kind == "wheel"):
            stop("the bundles with and without an interpreter hold different wheels")
        return [path for kind, _, path in digests if kind == "wheel"]


def build(source, *libraries):
    program = WORK / source.stem
    checked(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source, *libraries])
    return program


class Peers:
    """uv, and a current pip that runs in the environment it installs into, as `pip --python` has it."""

    def __init__(self):
        home = WORK / "peers"
        self.uv = home / "bin" / "uv"
        if not self.uv.exists():
            say("installing uv and pip to compare with")
            checked([PYTHON, "-m", "venv", home])
            checked([home / "bin" / "python", "-m", "pip", "install", "-q", "--upgrade", "pip", "uv"])
        self.pip = next(home.glob("lib/python3*/site-packages/pip"))
        self.versions = [
            checked([self.uv, "--version"]).split(" (")[0],
            " ".join(checked([home / "bin" / "python", "-m", "pip", "--version"]).split()[:2])]

    def venv(self, directory):
        checked([PYTHON, "-m", "venv", "--without-pip", directory / "env"])
        return directory / "env" / "bin" / "python"

    def uv_install(self, wheels, *options, cache=None):
        def prepare(directory):
            python = self.venv(directory)
            command = [self.uv, "pip", "install", "-q", "--offline", "--no-index", "--no-deps", "--python", python]
            command += ["--cache-dir", cache or directory / "cache"] if "--no-cache" not in options else []
            return [*command, *options, *wheels], {}

        return prepare

    def pip_install(self, wheels, *options):
        def prepare(directory):
            command = [self.venv(directory), self.pip, "install", "-q", "--no-index", "--no-deps", "--no-cache-dir"]
            return [*command, "--disable-pip-version-check", "--root-user-action=ignore", *options, *wheels], {}

        return prepare


class Bench:
    def __init__(self, options):
        self.options, self.rounds = options, options.rounds
        here = Path(__file__).resolve().parent
        build(here / "measure.c")
        self.bare = build(here / "bare" / "bare.c", "-ldeflate", "-lnettle", "-lpthread")
        self.peers, self.bars, self.parts = Peers(), Bars(), []
        self.bundles = Bundles(options.set)

    def put(self, text):
        self.parts.append(text)
        print(text + "\n", flush=True)

    # Contestants

    @staticmethod
    def airlift(bundle, *options):
        """The interpreter is named for bundles that carry none: the one of PATH may be another."""
        command = ["sh", bundle, "-b", "-q", "--python", PYTHON, *options, "-p"]
        return lambda directory: ([*command, directory / "env"], {})

    def bare_install(self, directory):
        (directory / "env").mkdir()
        return [self.bare, directory / "env"], {"stdin": self.bundles.list}

    def compileall(self, directory):
        target = directory / "env"
        target.mkdir()
        with open(self.bundles.list) as source:
            checked([self.bare, target], stdin=source)
        # 1: some source does not compile, which is usual.
        return [PYTHON, "-m", "compileall", "-q", "-j", PROCESSORS, target], {"accept": (0, 1)}

    # Sections

    def install(self, place):
        b, p = self.bundles, self.peers
        warm = place.path / "warm-cache"
        warmer, _ = p.uv_install(b.wheels, cache=warm)(self.made(place))
        checked(warmer, env=place.env)
        contestants = [
            Contestant("Airlift", self.airlift(b.host, "--no-compile", "--no-sync")),
            Contestant("Airlift, durable", self.airlift(b.host, "--no-compile")),
            Contestant("Airlift with its interpreter", self.airlift(b.captured, "--no-compile", "--no-sync")),
            Contestant("bare limit", self.bare_install),
            Contestant("uv --no-cache", p.uv_install(b.wheels, "--no-cache")),
            Contestant("uv, cold cache", p.uv_install(b.wheels)),
            Contestant("uv, warm cache", p.uv_install(b.wheels, cache=warm)),
            Contestant("pip", p.pip_install(b.wheels, "--no-compile")),
        ]
        title = f"Installing without byte-compilation, {place.label}"
        compete(title, place, contestants, self.rounds, expected=b.files)
        airlift, _, _, bare, uv, _, _, pip = contestants
        self.put(f"### {title}\n\n{table(contestants, airlift)}")
        if place.label != "tmpfs":
            self.bars.add(f"install, {place.label}: Airlift / uv --no-cache", 0.4, airlift.median() / uv.median())
            self.bars.add(f"install, {place.label}: Airlift / pip", 0.2, airlift.median() / pip.median())
        self.bars.add(f"install, {place.label}: Airlift / bare limit", 1.3, airlift.median() / bare.median())

    def made(self, place):
        directory = place.fresh()
        directory.mkdir()
        return directory

    def compile(self, place):
        b, p = self.bundles, self.peers
        contestants = [
            Contestant("Airlift", self.airlift(b.host, "--no-sync")),
            Contestant("Airlift with its interpreter", self.airlift(b.captured, "--no-sync")),
            Contestant("the same, bytecode in the bundle", self.airlift(b.bytecode, "--no-sync")),
            Contestant("uv --no-cache --compile-bytecode", p.uv_install(b.wheels, "--no-cache", "--compile-bytecode")),
            Contestant("pip", p.pip_install(b.wheels)),
            Contestant(f"compileall -j {PROCESSORS} alone", self.compileall),
        ]
        title = f"Installing with byte-compilation, {place.label}"
        compete(title, place, contestants, self.options.slow_rounds, expected=b.files)
        airlift, _, carried, uv, _, _ = contestants
        self.put(f"### {title}\n\n{table(contestants, airlift)}")
        self.bars.add(f"compile, {place.label}: Airlift / uv", 1, airlift.median() / uv.median())
        self.bars.add(f"compile, {place.label}: bytecode in the bundle / uv", 0.15, carried.median() / uv.median())

    def cut(self, place):
        b = self.bundles

        def airlift(directory):
            command = [AIRLIFT, "cut", "-q", "--offline", "--locked", "--calver", CALVER, "--output", directory]
            return [*command, b.spec("host")], {}

        def cat(directory):
            script = 'out=$1; shift; cat "$@" >"$out"; openssl dgst -sha256 "$@" >"$out.sha256"'
            return ["sh", "-ec", script, "sh", directory / "all", INSTALLER, *b.wheels], {}

        contestants = [Contestant("airlift cut", airlift), Contestant("cat and openssl dgst", cat)]
        compete(f"Cutting, {place.label}", place, contestants, self.rounds)
        self.put(f"### Cutting, {place.label}\n\n{table(contestants, contestants[1])}")
        self.bars.add(f"cut, {place.label}: airlift / cat and hashing", 1.5, contestants[0].median() / contestants[1].median())

    def verify(self, place):
        """Reading alone: what is written is of no account here."""
        b = self.bundles
        entries = [INSTALLER, *b.all_archives]
        files = place.path / "entries"
        files.write_text("".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path}\n" for path in entries))
        loads = [[] for _ in range(PROCESSORS)]  # the largest first, always to the smallest load
        for path in sorted(entries, key=lambda path: -path.stat().st_size):
            min(loads, key=lambda load: sum(p.stat().st_size for p in load)).append(path)
        lines = [" ".join(["openssl dgst -sha256", *(f"'{path}'" for path in load)]) + " &" for load in loads]
        script = place.path / "openssl.sh"
        script.write_text("\n".join([*lines, "wait", ""]))
        contestants = [
            Contestant("airlift verify", lambda _: ([AIRLIFT, "verify", "-q", b.captured], {})),
            Contestant("sh BUNDLE verify", lambda _: (["sh", b.captured, "verify", "-q"], {})),
            Contestant(f"openssl dgst, {PROCESSORS} at once", lambda _: (["sh", script], {})),
            Contestant(f"bare -n, {PROCESSORS} threads", lambda _: ([self.bare, "-n"], {"stdin": files})),
        ]
        compete("Verifying", place, contestants, self.rounds)
        fastest = min(contestants[2:], key=Contestant.median)
        self.put(f"### Verifying (the bundle in the page cache)\n\n{table(contestants, fastest)}")
        self.bars.add(f"verify: airlift / {fastest.name}", 1.2, contestants[0].median() / fastest.median())
        self.bars.add(f"verify: sh BUNDLE / {fastest.name}", 1.2, contestants[1].median() / fastest.median())

    def memory(self, place):
        """A wheel with one member of 2 GB."""
        spec = WORK / "specs" / "large"
        wheel = large_wheel(spec / "dist")
        (spec / "bundle.toml").write_text(
            'name = "large"\nsummary = "One member of 2 GB"\nplatforms = ["linux-64"]\n\n[python]\nhost = "3.11"\n\n'
            f'[wheels]\nrequirements = ["./dist/{wheel.name}"]\n')
        output = WORK / "bundles" / "large"
        checked([AIRLIFT, "cut", "-q", "--replace", "--calver", CALVER, "--output", output, spec])
        bundle = output / f"large-{CALVER}-linux-64.sh"

        def cut(directory):
            command = [AIRLIFT, "cut", "-q", "--offline", "--locked", "--calver", CALVER, "--output", directory]
            return [*command, spec], {}

        contestants = [
            Contestant("Airlift: install", self.airlift(bundle, "--no-sync")),
            Contestant("Airlift: cut", cut),
            Contestant("Airlift: verify", lambda _: (["sh", bundle, "verify", "-q"], {})),
            Contestant("uv --no-cache", self.peers.uv_install([wheel], "--no-cache")),
            Contestant("pip", self.peers.pip_install([wheel])),
        ]
        compete("A member of 2 GB", place, contestants, 1)
        self.put(f"### A wheel that holds one member of 2 GB, {place.label}\n\n{table(contestants)}")
        self.bars.add("peak memory, a member of 2 GB: install", 160, contestants[0].median("peak"), " MiB")
        self.bars.add("peak memory, a member of 2 GB: cut", 160, contestants[1].median("peak"), " MiB")

    def start(self):
        def milliseconds(command):
            times = []
            for _ in range(200):
                began = time.perf_counter()
                process = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
                os.waitpid(process, 0)
                times.append((time.perf_counter() - began) * 1000)
            return statistics.median(times)

        size = INSTALLER.stat().st_size / 1e6
        installer, true = milliseconds([str(INSTALLER), "--version"]), milliseconds(["/bin/true"])
        airlift = milliseconds([str(AIRLIFT), "--version"])
        rows = [["", "size MB", "start ms"], ["airlift-installer --version", f"{size:.1f}", f"{installer:.1f}"],
                ["airlift --version", f"{AIRLIFT.stat().st_size / 1e6:.1f}", f"{airlift:.1f}"], ["/bin/true", "", f"{true:.1f}"]]
        self.put("### Size and start (median of 200)\n\n" + markdown(rows))
        self.bars.add("start of the installer", 20, installer, " ms")

    def run(self):
        b = self.bundles
        sizes = [["", "MB"], ["wheels alone", f"{sum(w.stat().st_size for w in b.wheels) / 1e6:.1f}"]]
        for label, path in [("without an interpreter", b.host), ("with its interpreter", b.captured), ("and with byte code", b.bytecode)]:
            sizes.append([f"bundle {label}", f"{path.stat().st_size / 1e6:.1f}"])
        self.put(f"{len(b.wheels)} wheels, "
                 f"{b.files:,} files, {b.bytes / 1e6:.0f} MB unpacked.\n\n{markdown(sizes)}")
        wanted = self.options.only
        with Places(self.options.places) as places:
            for place in places:
                for section in (self.install, self.compile):
                    if section.__name__ in wanted:
                        section(place)
            for section in (self.cut, self.verify, self.memory):
                if section.__name__ in wanted:
                    section(places[0])
        if "start" in wanted:
            self.start()
        if self.options.set == "data-science":  # the set that they were set for
            self.put("### The bars\n\n" + markdown(self.bars.rows))
        return "\n\n".join(self.parts)


def large_wheel(folder):
    """2 GiB of zeros with noise in between, so that it neither vanishes nor takes long to make."""
    path = folder / "large-1.0-py3-none-any.whl"
    if path.exists():
        return path
    say("making a wheel with a member of 2 GB")
    folder.mkdir(parents=True, exist_ok=True)
    info = "large-1.0.dist-info"
    noise = hashlib.shake_256(b"airlift").digest(1 << 16)
    piece = noise + bytes((1 << 20) - len(noise))
    small = {
        "large/__init__.py": b"",
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: large\nVersion: 1.0\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    def record(name, digest, size):
        return f"{name},sha256={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()},{size}\n"

    part = path.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        hasher = hashlib.sha256()
        with archive.open("large/data.bin", "w", force_zip64=True) as member:
            for _ in range(2048):
                hasher.update(piece)
                member.write(piece)
        lines = record("large/data.bin", hasher.digest(), 2048 << 20)
        for name, data in small.items():
            archive.writestr(name, data)
            lines += record(name, hashlib.sha256(data).digest(), len(data))
        archive.writestr(f"{info}/RECORD", lines + f"{info}/RECORD,,\n")
    part.rename(path)
    return path


def machine(bench, command):
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    revision = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    return "\n".join([
        f"- Date: {datetime.date.today()}, Airlift {checked([AIRLIFT, '--version']).strip()}" + (f" ({revision})" if revision else ""),
        f"- Machine: {model}, {PROCESSORS} processors, {memory:.0f} GiB, Linux {platform.release().split('-')[0]}, "
        f"load of others at the start {bench.options.load:.1f}",
        f"- Peers: {', '.join(bench.peers.versions)}, {checked([PYTHON, '--version']).strip()}",
        f"- Set: {bench.options.set}; rounds: {bench.rounds}, with byte-compilation {bench.options.slow_rounds}",
        f"- Command: `{command}`"])


def write(path, text, begin=BEGIN, end=END):
    """Replaces what is between the marks of a document."""
    document = path.read_text() if path.exists() else f"# Performance\n\n{begin}\n{end}\n"
    if begin not in document or end not in document:
        stop(f"{path} has no lines '{begin}' and '{end}'")
    before, rest = document.split(begin, 1)
    path.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}")


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default=None, help="a folder of bundles/ (default: data-science)")
    parser.add_argument("--rounds", type=int, default=None, help="of every series (default: 5)")
    parser.add_argument("--slow-rounds", type=int, default=None, help="of the series with byte-compilation (default: 5)")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"sections, out of {','.join(SECTIONS)}")
    parser.add_argument("--places", default="disk,tmpfs", help="disk, tmpfs or both")
    parser.add_argument("--quick", action="store_true", help="the quickstart set, three rounds, without the wheel of 2 GB")
    parser.add_argument("--write", type=Path, help="put the figures into this document")
    options = parser.parse_args()
    options.set = options.set or ("quickstart" if options.quick else "data-science")
    options.rounds = options.rounds or (3 if options.quick else 5)
    options.slow_rounds = options.slow_rounds or (3 if options.quick else 5)
    options.only = [s for s in options.only.split(",") if not (options.quick and s == "memory")]
    options.places = options.places.split(",")
    options.load = os.getloadavg()[0]
    unknown = set(options.only) - set(SECTIONS) | set(options.places) - {"disk", "tmpfs"}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return options


def main():
    options = parse()
    for needed in (AIRLIFT, INSTALLER):
        if not needed.exists():
            stop(f"{needed.relative_to(ROOT)} is not there; run `make build` first")
    WORK.mkdir(parents=True, exist_ok=True)
    lock = open(WORK / "lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stop("another benchmark is running here")
    bench = Bench(options)
    command = " ".join(["python3 Benchmarks/bench.py", *(argument for argument in sys.argv[1:])])
    head = machine(bench, command)
    print(head + "\n")
    text = bench.run()
    if options.write:
        write(options.write, f"{head}\n\n{text}")


if __name__ == "__main__":
    main()
