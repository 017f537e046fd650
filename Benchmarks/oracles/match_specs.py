"""What py-rattler and conda make of versions and match specs, for Tests/CondaTests/MatchSpecOracleTests.swift.

    python match_specs.py ask FOLDER [REPODATA]     answers for FOLDER/asked.txt and all specs of the indexes
    python match_specs.py reread FOLDER             whether FOLDER/descriptions.txt mean what the specs mean

Input, one entry a line with tabs: `spec TEXT`, `version TEXT`, `record NAME VERSION BUILD NUMBER`.
Output: `records.txt` (name, version, build, number), `specs.txt` (spec, rattler, conda: the numbers of the records of
that name that match, or `-` for a text that is refused; then the canonical text of each), `versions.txt` (version, rank by rattler, rank by conda).
conda is the copy that conda-lock brings, or an installed one.
"""

import bz2
import functools
import gzip
import json
import logging
import os
import re
import sys
import types
import warnings

import rattler
from rattler.package.build_string import BuildString

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
try:
    from conda_lock._vendor.conda.models.match_spec import MatchSpec as CondaSpec
    from conda_lock._vendor.conda.models.version import VersionOrder
except ImportError:
    from conda.models.match_spec import MatchSpec as CondaSpec
    from conda.models.version import VersionOrder


def document(path):
    with open(path, "rb") as file:
        content = file.read()
    if path.endswith(".zst"):
        import zstandard

        content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
    elif path.endswith(".bz2"):
        content = bz2.decompress(content)
    elif path.endswith(".gz"):
        content = gzip.decompress(content)
    if ".msgpack" in path:
        import msgpack

        return msgpack.unpackb(content, strict_map_key=False)
    return json.loads(content)


def entries(document):
    sections = [document.get("packages"), document.get("packages.conda")]
    sections += (document.get("v3") or {}).values()
    if sections[:2] == [None, None]:
        sections.append(document)
    for section in sections:
        for record in section.values() if isinstance(section, dict) else ():
            if isinstance(record, dict) and "version" in record and "build" in record:
                yield record


def collect(folder):
    specs, records = set(), set()
    for directory, _, files in os.walk(folder):
        for file in files:
            if not re.search(r"\.(json|msgpack)(\.|$)", file):
                continue
            for record in entries(document(os.path.join(directory, file))):
                groups = [record.get("depends"), record.get("constrains")]
                groups += (record.get("extra_depends") or {}).values()
                specs.update(spec for group in groups for spec in group or () if isinstance(spec, str))
                if "name" in record:
                    number = int(record.get("build_number") or 0)
                    records.add((record["name"], str(record["version"]), str(record["build"]), number))
    return specs, records


def asked(folder):
    specs, versions, records = set(), set(), set()
    with open(os.path.join(folder, "asked.txt"), encoding="utf-8") as file:
        for line in file:
            kind, *fields = line.rstrip("\n").split("\t")
            if kind == "spec":
                specs.add(fields[0])
            elif kind == "version":
                versions.add(fields[0])
            else:
                records.add((*fields[:3], int(fields[3])))
    return specs, versions, records


def rattler_record(record):
    name, version, build, number = record
    return rattler.PackageRecord(name, version, BuildString(build), number, "linux-64", "x86_64", "linux")


def attempt(make, text):
    try:
        return make(text)
    except Exception:
        return None


def rattler_spec(text):
    return rattler.MatchSpec(text, exact_names_only=False)


class Records:
    """The records by name, as each library wants them; none that rattler takes for no record."""

    def __init__(self, records):
        made = [(record, attempt(rattler_record, record)) for record in sorted(records)]
        if len(refused := [record for record, theirs in made if theirs is None]) > len(made) // 100:
            sys.exit(f"rattler makes no records of {len(refused)} out of {len(made)}, such as {refused[0]}")
        made = [pair for pair in made if pair[1] is not None]
        self.all = [record for record, _ in made]
        self.by_name = {}
        for index, (record, theirs) in enumerate(made):
            name, version, build, number = record
            ours = types.SimpleNamespace(name=name, version=version, build=build, build_number=number)
            self.by_name.setdefault(name.lower(), []).append((index, theirs, ours))

    def matches(self, text):
        """For rattler and for conda a text of indexes, or `-`; then their canonical texts."""
        theirs, ours = attempt(rattler_spec, text), attempt(CondaSpec, text)
        name = next((name for name in (theirs and theirs.name.normalized, ours and ours.name) if name), "")
        candidates = self.by_name.get(name.lower(), ())
        first, second = [], []
        for index, rattler_form, conda_form in candidates:
            if theirs is not None and theirs.matches(rattler_form):
                first.append(index)
            if ours is not None and attempt(ours.match, conda_form):
                second.append(index)
        return (
            "-" if theirs is None else ",".join(map(str, first)),
            "-" if ours is None else ",".join(map(str, second)),
            "" if theirs is None else attempt(rattler.MatchSpec.to_canonical_string, theirs) or "",
            "" if ours is None else str(ours),
        )


def ranks(versions, make):
    parsed = [(made, text) for text in versions if (made := attempt(make, text)) is not None]
    parsed.sort(key=functools.cmp_to_key(lambda a, b: -1 if a[0] < b[0] else 1 if b[0] < a[0] else 0))
    result, rank = {}, 0
    for index, (made, text) in enumerate(parsed):
        if index and made != parsed[index - 1][0]:
            rank += 1
        result[text] = rank
    return result


def write(folder, name, rows):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.writelines("\t".join(map(str, row)) + "\n" for row in rows)


def ask(folder, repodata=None):
    specs, versions, records = asked(folder)
    if repodata:
        found_specs, found_records = collect(repodata)
        specs |= found_specs
        records |= found_records
    # A dictionary written twice, or a stray control character, is no spec of anyone.
    specs = {spec for spec in specs if "\t" not in spec and "\n" not in spec}
    versions |= {record[1] for record in records}
    table = Records(records)
    write(folder, "records.txt", table.all)
    write(folder, "specs.txt", ((spec, *table.matches(spec)) for spec in sorted(specs)))
    by_rattler, by_conda = ranks(versions, rattler.Version), ranks(versions, VersionOrder)
    write(
        folder,
        "versions.txt",
        ((text, by_rattler.get(text, "-"), by_conda.get(text, "-")) for text in sorted(versions)),
    )


def reread(folder):
    with open(os.path.join(folder, "records.txt"), encoding="utf-8") as file:
        records = [line.rstrip("\n").split("\t") for line in file]
    table = Records((*record[:3], int(record[3])) for record in records)
    with open(os.path.join(folder, "descriptions.txt"), encoding="utf-8") as file:
        descriptions = [line.rstrip("\n") for line in file]
    write(folder, "reread.txt", ((text, *table.matches(text)) for text in descriptions))


if __name__ == "__main__":
    {"ask": ask, "reread": reread}[sys.argv[1]](*sys.argv[2:])
