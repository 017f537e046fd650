#!/usr/bin/env python3
"""Compare two installations of the same wheels: every file, its bytes and its modes.

    compare.py OURS THEIRS    the prefix that Airlift wrote, and a virtual environment of another installer's

Every difference is counted under the rule that allows it, or listed; exit code 1 when any is listed. The rules,
with their reasons, are those of docs/oracles.md.
"""
import ast
import base64
import csv
import hashlib
import json
import os
import re
import stat
import sys

# Of the installer: PEP 376, 610 and 627 let each write its own. uv_cache.json is uv's.
OWN = {"INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}
# Of the virtual environment, not of a wheel.
VENV = {"pyvenv.cfg", "lib64", ".gitignore", "CACHEDIR.TAG", ".lock"}


def is_of_the_environment(path):
    top, _, rest = path.partition("/")
    if path in VENV or top in ("base", ".airlift"):
        return True
    return top == "bin" and re.fullmatch(r"python[0-9.]*|[Aa]ctivate(_this)?(\.[a-z0-9]+)?|deactivate\.bat|pydoc\.bat", rest)


def walk(prefix):
    """Relative path -> lstat result, directories too; compiled modules left out."""
    found = {}
    for folder, directories, files in os.walk(prefix):
        directories[:] = [name for name in directories if name != "__pycache__"]
        for name in directories + files:
            full = os.path.join(folder, name)
            path = os.path.relpath(full, prefix)
            if not is_of_the_environment(path) and not path.endswith(".pyc"):
                found[path] = os.lstat(full)
        directories[:] = [
            name for name in directories if not is_of_the_environment(os.path.relpath(os.path.join(folder, name), prefix))
        ]
    return found


def is_record(path):
    """Of an installed distribution, not one that a package carries among its files."""
    return re.fullmatch(r"lib/[^/]+/site-packages/[^/]+\.dist-info/RECORD", path)


def content(prefix, path):
    with open(os.path.join(prefix, path), "rb") as file:
        return file.read()


def after_shebang(data, prefix):
    """What follows the line (or the three lines, through sh) that names the interpreter of this prefix."""
    marks = [f"#!{prefix}/bin/python".encode(), b"#!/bin/sh\n'''exec' "]
    if not data.startswith(tuple(marks)):
        return None
    lines = data.splitlines(keepends=True)
    return b"".join(lines[3 if data.startswith(marks[1]) else 1:])


def launcher(data):
    """(module, name, call) of a script that an entry point became, whoever wrote it; None for other scripts."""
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return None
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    calls = [
        ast.unparse(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "sys.exit" and len(node.args) == 1
    ]
    if len(imports) != 1 or len(calls) != 1 or len(data) > 1000:
        return None
    return imports[0].module, imports[0].names[0].name, calls[0]


def record_rows(prefix, path):
    """Path in the prefix -> (hash, size) of a RECORD's rows."""
    site = os.path.dirname(os.path.dirname(os.path.join(prefix, path)))
    rows = {}
    for row in csv.reader(content(prefix, path).decode().splitlines()):
        full = row[0] if os.path.isabs(row[0]) else os.path.normpath(os.path.join(site, row[0]))
        rows[os.path.relpath(full, prefix)] = (row[1], row[2])
    return rows


class Comparison:
    def __init__(self, ours, theirs):
        self.ours, self.theirs = ours, theirs
        self.equal = 0
        self.allowed = {}
        self.faults = []
        manifest = json.loads(content(ours, ".airlift/manifest.json"))
        self.application_files = {file["path"] for file in manifest["files"]}
        self.different_bytes = set()

    def allow(self, rule, path):
        self.allowed.setdefault(rule, []).append(path)

    def run(self):
        ours, theirs = walk(self.ours), walk(self.theirs)
        for path in sorted(ours.keys() | theirs.keys()):
            mine, other = ours.get(path), theirs.get(path)
            if mine is None or other is None:
                self.one_sided(path, mine is not None, (mine or other).st_mode)
            elif stat.S_IFMT(mine.st_mode) != stat.S_IFMT(other.st_mode):
                self.faults.append(f"{path}: another kind of file")
            else:
                self.both(path, mine.st_mode, other.st_mode)
        # Rows of RECORD last: which files may differ is known then.
        for path in sorted(ours.keys() & theirs.keys()):
            if is_record(path):
                self.records(path)
        self.own_records_are_true(ours)

    def one_sided(self, path, is_ours, mode):
        side = "only with Airlift" if is_ours else "only with the other"
        if os.path.basename(path) in OWN and os.path.dirname(path).endswith(".dist-info"):
            self.allow("the installer's own files", path)
        elif is_ours and path in self.application_files:
            self.allow("the application's own files ([files])", path)
        elif is_ours and any(name.startswith(path + "/") for name in self.application_files):
            self.allow("directories of the application's own files", path)
        elif not is_ours and stat.S_ISDIR(mode) and self.is_empty(path):
            self.allow("empty directories", path)
        else:
            self.faults.append(f"{path}: {side}")

    def is_empty(self, path):
        return not any(files for _, _, files in os.walk(os.path.join(self.theirs, path)))

    def both(self, path, mine, other):
        if stat.S_ISDIR(mine):
            if (mine ^ other) & 0o777:
                self.faults.append(f"{path}/: mode {mine & 0o777:04o}, with the other {other & 0o777:04o}")
            return
        if stat.S_ISLNK(mine):
            if os.readlink(os.path.join(self.ours, path)) != os.readlink(os.path.join(self.theirs, path)):
                self.faults.append(f"{path}: another link")
            return
        if (mine ^ other) & 0o777:
            what = f"{path}: mode {mine & 0o777:04o}, with the other {other & 0o777:04o}"
            if path.startswith("bin/") and mine & 0o777 == 0o755 and other & 0o777 == 0o644:
                self.allow("scripts made executable", what)
            else:
                self.faults.append(what)
        self.bytes(path, content(self.ours, path), content(self.theirs, path))

    def bytes(self, path, mine, other):
        if mine == other:
            self.equal += 1
            return
        self.different_bytes.add(path)
        name, holder = os.path.basename(path), os.path.dirname(path)
        if holder.endswith(".dist-info") and name in OWN:
            self.allow("the installer's own files", path)
        elif is_record(path):
            self.allow("RECORD (its rows are compared)", path)
        elif path.startswith("bin/"):
            rest, others = after_shebang(mine, self.ours), after_shebang(other, self.theirs)
            if rest is not None and rest == others:
                self.allow("the interpreter's path in the first line", path)
            elif rest is not None and others is not None and launcher(rest) and launcher(rest) == launcher(others):
                self.allow("launchers of the same call in other words", path)
            else:
                self.faults.append(f"{path}: other bytes")
        else:
            self.faults.append(f"{path}: other bytes")

    def records(self, path):
        mine, other = record_rows(self.ours, path), record_rows(self.theirs, path)
        for file in sorted(mine.keys() | other.keys()):
            own = os.path.basename(file) in OWN and os.path.dirname(file).endswith(".dist-info")
            if own or file.endswith(".pyc"):
                continue
            if file not in mine and not os.path.lexists(os.path.join(self.theirs, file)):
                self.allow("rows of the other's RECORD for files that are not there", f"{path}: {file}")
            elif file not in mine or file not in other:
                side = "Airlift's" if file in mine else "the other's"
                self.faults.append(f"{path}: only {side} lists {file}")
            elif file not in self.different_bytes and mine[file] != other[file]:
                # Rows without hash are allowed (PEP 376), and so is leaving the size out.
                if all(other[file]):
                    self.faults.append(f"{path}: {file} is {mine[file]}, with the other {other[file]}")
                else:
                    self.allow("rows of RECORD without hash or size", f"{path}: {file}")

    def own_records_are_true(self, files):
        """RECORD of Airlift's prefix: each row true, each file in one row at least."""
        listed = set()
        for path in files:
            if not is_record(path):
                continue
            for file, (digest, size) in record_rows(self.ours, path).items():
                listed.add(file)
                if file == path or file.endswith(".pyc"):
                    continue
                if file not in files:
                    self.faults.append(f"{path}: lists {file}, which is not there")
                    continue
                data = content(self.ours, file)
                true = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                if (digest, size) != (f"sha256={true}", str(len(data))):
                    self.faults.append(f"{path}: its row of {file} is not true")
        for path, status in files.items():
            if not stat.S_ISDIR(status.st_mode) and path not in listed and path not in self.application_files:
                self.faults.append(f"{path}: no RECORD lists it")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    comparison = Comparison(*(os.path.abspath(prefix) for prefix in sys.argv[1:]))
    comparison.run()
    print(f"  {comparison.equal} files of equal bytes and modes")
    for rule, paths in sorted(comparison.allowed.items()):
        print(f"  {len(paths)} {rule}; such as {paths[0]}")
    for fault in comparison.faults:
        print(f"  DIFFERENCE {fault}")
    sys.exit(1 if comparison.faults else 0)


main()
