#!/usr/bin/env python3
"""Says how the processor's time of an installation splits, by sampling it with perf.

    python3 Benchmarks/split.py BUNDLE [installer options]

Needs perf (Debian's linux-perf) and the installer with its symbols, which `make build` leaves in .build/release.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTALLER = ROOT / ".build" / "release" / "airlift-installer"
# The first that matches a symbol counts; [k] marks the kernel's.
KINDS = [
    ("files: create, write, close (kernel)", r"^\[k\]"),
    ("decompress", r"ZSTD|HUF_|FSE_|BZ2_|XXH|deflate|inflate|lzma|zstd|bzip2"),
    ("hash", r"sha256|md5|crc32|nettle"),
    ("rewrite prefixes", r"PrefixRewriter|Placeholder|memmem|ScriptHeader"),
    ("copy (memcpy and the like)", r"mem(cpy|move|set|cmp|chr)"),
    ("everything else", r""),
]


def main():
    if len(sys.argv) < 2 or not INSTALLER.exists():
        sys.exit(__doc__)
    # In memory where that can be: what a disk does meanwhile would be counted as the kernel's.
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as scratch:
        data = Path(scratch) / "perf.data"
        command = [INSTALLER, "install", sys.argv[1], "-b", "-q", "-p", Path(scratch) / "env", *sys.argv[2:]]
        subprocess.run(["perf", "record", "-q", "-e", "cpu-clock", "-F", "4000", "-o", data, *map(str, command)], check=True)
        report = subprocess.run(
            ["perf", "report", "-q", "-i", data, "--stdio", "--sort", "symbol", "-F", "sample,symbol"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    counts = dict.fromkeys((name for name, _ in KINDS), 0)
    for line in report.splitlines():
        found = re.match(r"\s*(\d+)\s+(\[.\])\s+(.*)", line)
        if found:
            symbol = f"{found[2]} {found[3]}" if found[2] == "[k]" else found[3]
            counts[next(name for name, pattern in KINDS if re.search(pattern, symbol))] += int(found[1])
    total = sum(counts.values())
    if not total:
        sys.exit("split: perf took no samples")
    for name, count in counts.items():
        print(f"{count / total:6.1%}  {count / 4000:6.2f} s  {name}")


if __name__ == "__main__":
    main()
