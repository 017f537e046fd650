#!/usr/bin/env python3
"""Measures `airlift diff`: two manifests of 400 packages, and two bundles of real wheels with their files.

    make build && python3 Benchmarks/audit.py              prints a table
    python3 Benchmarks/audit.py --rounds 21 --keep DIR     keeps what it made

The manifests are made here: one package in seven goes up, some come, some go. The bundles are cut from the package
index. No other tool compares such things; `unzip -v` of both bundles and diff(1) of the two listings, which tell
names and checksums of whole archives and nothing of what is in them, stand beside as a floor. Whole processes,
medians of wall time, standard library only.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AIRLIFT = ROOT / ".build" / "product" / "bin" / "airlift"
SAME = ["itsdangerous==2.2.0", "python-dateutil==2.9.0.post0", "six==1.16.0", "requests==2.32.3", "certifi==2024.7.4",
        "charset-normalizer==3.3.2", "idna==3.7", "urllib3==2.2.2", "cffi==1.17.0", "pycparser==2.22"]
OLD = ["flask==3.0.3", "jinja2==3.1.4", "werkzeug==3.0.4", "blinker==1.8.2", "click==8.1.7", "markupsafe==2.1.5",
       "numpy==1.26.4", "pandas==2.2.2", "pytz==2024.1", "tzdata==2024.1", "cryptography==43.0.1"]
NEW = ["flask==3.1.0", "jinja2==3.1.5", "werkzeug==3.1.3", "blinker==1.9.0", "click==8.1.8", "markupsafe==3.0.2",
       "numpy==2.1.3", "pandas==2.2.3", "pytz==2024.2", "tzdata==2024.2", "cryptography==43.0.3"]


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def archive(name, version):
    filename = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    return {
        "kind": "wheel", "name": name, "version": version, "filename": filename,
        "path": f"archives/wheels/{filename}", "url": f"https://index.example.org/packages/{name}/{filename}",
        "size": 100_000, "sha256": digest(filename), "crc32": "00000000", "license": "MIT", "requested": False,
        "depends": [f"package-{n}>=1" for n in range(6)], "installed": {"files": 40, "bytes": 400_000}, "hooks": [],
    }


def manifest(template, number, versions):
    """The template's manifest with other archives."""
    document = dict(template)
    document["archives"] = [archive(f"package-{n}", versions(n)) for n in range(number)]
    document["files"] = []
    document["entries"] = [e for e in template["entries"] if not e["path"].startswith("derived/")]
    return json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n"


def cut(directory, requirements, calver):
    project = directory / calver
    project.mkdir()
    minor = "%d.%d" % sys.version_info[:2]
    lines = ['name = "audit"', 'platforms = ["linux-64"]', "[python]", f'host = "{minor}"', "[wheels]",
             f"requirements = {json.dumps(requirements)}"]
    (project / "bundle.toml").write_text("\n".join(lines) + "\n")
    subprocess.run([AIRLIFT, "cut", project, "--output", directory, "--calver", calver, "--quiet"], check=True)
    return directory / f"audit-{calver}-linux-64.sh"


def median(command, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        done = subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
        if done.returncode not in (0, 1):
            sys.exit(f"audit: {command} ended with {done.returncode}")
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--keep", type=Path, help="a directory that is not there yet")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = options.keep or Path(scratch)
        directory.mkdir(exist_ok=True)
        bundles = [cut(directory, OLD + SAME, "2026.01.01"), cut(directory, NEW + SAME, "2026.02.01")]
        template = json.loads(zipfile.ZipFile(bundles[0]).read("airlift/manifest.json"))
        manifests = []
        for name, text in [
            ("old", manifest(template, 400, lambda n: "1.0.0")),
            ("new", manifest(template, 404, lambda n: "1.1.0" if n % 7 == 0 else "1.0.0")),
        ]:
            manifests.append(directory / f"{name}.json")
            manifests[-1].write_text(text)
        listing = "unzip -v '{}' > '{}/{}.txt'; "
        floor = "".join(listing.format(b, directory, n) for n, b in enumerate(bundles))
        size = sum(os.path.getsize(b) for b in bundles)
        rows = [
            ("two manifests, 400 packages each", [AIRLIFT, "diff", *manifests]),
            ("the same, as JSON", [AIRLIFT, "diff", "--json", *manifests]),
            (f"two bundles, {size / 1e6:.0f} MB together", [AIRLIFT, "diff", *bundles]),
            ("the same with --files", [AIRLIFT, "diff", "--files", *bundles]),
            ("`unzip -v` of both and `diff`", ["sh", "-c", f"{floor} diff '{directory}/0.txt' '{directory}/1.txt'"]),
        ]
        print(f"{os.cpu_count()} processors, medians of {options.rounds} runs\n")
        print("| what is compared | seconds |\n|---|---:|")
        for title, command in rows:
            print(f"| {title} | {median(command, options.rounds):.3f} |", flush=True)


if __name__ == "__main__":
    main()
