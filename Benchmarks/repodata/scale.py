#!/usr/bin/env python3
"""Makes a large conda channel out of a small one: the same input gives the same bytes.

    python3 Benchmarks/repodata/scale.py CHANNEL OUTPUT --records 1000000

CHANNEL has linux-64 and noarch with repodata.json or .json.zst. Each package is there under its own name and,
as often as it takes, under further names ("numpy-c7"), whose dependencies name packages of the same copy; and
each record is there in several versions ("1.26.4", "1.26.4.1" ...), as a channel that keeps all its history has
them. Hashes and build strings differ from record to record, so that no two are alike.
"""

import argparse
import hashlib
import json
import re
import subprocess
from pathlib import Path

NAME = re.compile(r"^[A-Za-z0-9_.-]+")


def read(channel, subdir):
    plain = channel / subdir / "repodata.json"
    if plain.exists():
        return json.loads(plain.read_bytes())
    packed = plain.with_suffix(".json.zst")
    return json.loads(subprocess.run(["zstd", "-dcq", packed], stdout=subprocess.PIPE, check=True).stdout)


def renamed(spec, copy, names):
    """A match spec of the same copy; what no record provides (virtual packages) stays as it is."""
    name = NAME.match(spec).group()
    return f"{name}-c{copy}{spec[len(name):]}" if copy and name in names else spec


def variant(record, copy, number, names):
    made = dict(record)
    made["name"] = record["name"] + (f"-c{copy}" if copy else "")
    made["version"] = record["version"] + (f".{number}" if number else "")
    for field in ("depends", "constrains"):
        if field in made:
            made[field] = [renamed(spec, copy, names) for spec in made[field]]
    seed = f"{made['name']}-{made['version']}-{made['build']}"
    for field, algorithm in (("sha256", "sha256"), ("md5", "md5")):
        if record.get(field):
            made[field] = hashlib.new(algorithm, seed.encode()).hexdigest()
    made["timestamp"] = record.get("timestamp", 1_600_000_000_000) + 1_000 * number
    made.setdefault("size", len(seed) * 1_000)
    return seed, made


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("channel", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--records", type=int, default=1_000_000, help="of both platforms together, about")
    parser.add_argument("--versions", type=int, default=8, help="of each record and its copies")
    options = parser.parse_args()

    documents = {subdir: read(options.channel, subdir) for subdir in ("linux-64", "noarch")}
    sections = ("packages", "packages.conda")
    names = {r["name"] for d in documents.values() for s in sections for r in d.get(s, {}).values()}
    originals = sum(len(d.get(s, {})) for d in documents.values() for s in sections)
    copies = max(1, round(options.records / originals / options.versions))
    total = 0
    for subdir, document in documents.items():
        made = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": {}, "removed": [], "repodata_version": 1}
        for section in sections:
            for filename, record in document.get(section, {}).items():
                extension = ".conda" if filename.endswith(".conda") else ".tar.bz2"
                for copy in range(copies):
                    for number in range(options.versions):
                        stem, result = variant(record, copy, number, names)
                        made[section][stem + extension] = result
        total += sum(len(made[section]) for section in sections)
        directory = options.output / subdir
        directory.mkdir(parents=True, exist_ok=True)
        # The form of conda-index: keys sorted, no spaces.
        text = json.dumps(made, sort_keys=True, separators=(",", ":"))
        (directory / "repodata.json").write_text(text)
        del made, text
    print(f"{total} records in {options.output}")


if __name__ == "__main__":
    main()
