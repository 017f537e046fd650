#!/usr/bin/env python3
"""Makes the conda channel `channel/` that the spec beside this file takes its packages from.

    python3 bundles/local-channel/make_channel.py [AIRLIFT [DIRECTORY]]

Its `python` is this machine's own, captured by AIRLIFT (default: airlift on PATH). The other packages are a few
lines each, one of every kind that a real channel has: `.conda` and `.tar.bz2`, for one platform and `noarch`, a
module with a command, files that name the prefix, an activation script. Needs bsdtar (libarchive-tools) for zstd.
The same interpreter gives the same bytes.
"""

import bz2
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACEHOLDER = "/opt/" + "placeholder_" * 20 + "end"
TIME = 1_700_000_000


class Package:
    def __init__(self, name, version, build, subdir, *, depends=(), noarch=None, entry_points=(), suffix=".conda"):
        self.name, self.version, self.build, self.subdir = name, version, build, subdir
        self.suffix, self.noarch, self.entry_points = suffix, noarch, list(entry_points)
        self.depends = list(depends)
        self.files = {}  # path -> (bytes, mode) or the target of a symbolic link
        self.placeholders = {}  # path -> "text" or "binary"

    def add(self, path, content, mode=0o644, placeholder=None):
        self.files[path] = (content.encode() if isinstance(content, str) else content, mode)
        if placeholder:
            self.placeholders[path] = placeholder

    def link(self, path, target):
        self.files[path] = target

    def index(self):
        index = {
            "name": self.name, "version": self.version, "build": self.build, "build_number": 0,
            "depends": self.depends, "license": "MIT", "subdir": self.subdir, "timestamp": TIME * 1000}
        if self.noarch:
            index["noarch"] = self.noarch
        return index

    def paths(self):
        entries = []
        for path, content in sorted(self.files.items()):
            if isinstance(content, str):
                target = self.files.get(str(Path(path).parent / content), (b"", 0))[0]
                entries.append({"_path": path, "path_type": "softlink", "size_in_bytes": len(target),
                                "sha256": hashlib.sha256(target).hexdigest()})
                continue
            entry = {"_path": path, "path_type": "hardlink", "size_in_bytes": len(content[0]),
                     "sha256": hashlib.sha256(content[0]).hexdigest()}
            if path in self.placeholders:
                entry |= {"file_mode": self.placeholders[path], "prefix_placeholder": PLACEHOLDER}
            entries.append(entry)
        return {"paths": entries, "paths_version": 1}

    def info(self):
        text = lambda value: (json.dumps(value, indent=2, sort_keys=True).encode(), 0o644)
        info = {
            "info/index.json": text(self.index()), "info/paths.json": text(self.paths()),
            "info/files": ("".join(f"{path}\n" for path in sorted(self.files)).encode(), 0o644),
            "info/about.json": text({"license": "MIT", "summary": f"{self.name}, made for an example"})}
        if self.noarch == "python":
            link = {"noarch": {"type": "python"}, "package_metadata_version": 1}
            if self.entry_points:
                link["noarch"]["entry_points"] = self.entry_points
            info["info/link.json"] = text(link)
        return info

    def write(self, channel):
        directory = channel / self.subdir
        directory.mkdir(parents=True, exist_ok=True)
        stem = f"{self.name}-{self.version}-{self.build}"
        path = directory / (stem + self.suffix)
        if self.suffix == ".conda":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
                def member(name, data):
                    archive.writestr(zipfile.ZipInfo(name, (2023, 11, 14, 22, 13, 20)), data)
                member("metadata.json", json.dumps({"conda_pkg_format_version": 2}))
                member(f"pkg-{stem}.tar.zst", zstd(tar(self.files)))
                member(f"info-{stem}.tar.zst", zstd(tar(self.info())))
        else:
            path.write_bytes(bz2.compress(tar(self.info() | self.files)))
        data = path.read_bytes()
        return path.name, self.index() | {
            "md5": hashlib.md5(data).hexdigest(), "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def tar(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.mtime = TIME
            if isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                archive.addfile(member)
            else:
                member.size, member.mode = len(content[0]), content[1]
                archive.addfile(member, io.BytesIO(content[0]))
    return buffer.getvalue()


def zstd(data):
    """The members of a tar archive in one that is compressed; on a pipe, bsdtar would append zeros."""
    with tempfile.NamedTemporaryFile() as output:
        subprocess.run(["bsdtar", "--zstd", "--format", "pax", "-cf", output.name, "@-"], input=data, check=True)
        return Path(output.name).read_bytes()


def python_package(airlift):
    """This machine's interpreter as a conda package."""
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch) / "python.tar.zst"
        subprocess.run([airlift, "python", "capture", "/usr/bin/python3", "-o", archive, "--quiet"], check=True)
        tree = Path(scratch) / "tree"
        tree.mkdir()
        subprocess.run(["bsdtar", "-xf", archive, "-C", tree], check=True)
        about = json.loads((tree / "airlift-interpreter.json").read_text())
        minor = ".".join(about["version"].split(".")[:2])
        package = Package(
            "python", about["version"], "0_captured", "linux-64", suffix=".tar.bz2",
            depends=[f"__glibc >={about['glibc']}"])
        for path in sorted(tree.rglob("*")):
            name = str(path.relative_to(tree))
            if name == "airlift-interpreter.json" or path.is_dir() and not path.is_symlink():
                continue
            if path.is_symlink():
                package.link(name, str(path.readlink()))
            else:
                package.add(name, path.read_bytes(), 0o755 if path.stat().st_mode & 0o100 else 0o644)
        package.link("bin/python", f"python{minor}")
        package.link("bin/python3", f"python{minor}")
        # Debian's Python looks for packages elsewhere; conda's place is site-packages.
        package.add("lib/python3/dist-packages/conda.pth", f"../../python{minor}/site-packages\n")
        package.add(f"lib/python{minor}/site-packages/README.txt", "Packages go here.\n")
        return package


def toy_packages():
    words = Package("salute-words", "2.0", "0", "noarch", noarch="generic", suffix=".tar.bz2")
    words.add("share/salute/words.txt", f"Hello from {PLACEHOLDER}\n", placeholder="text")
    words.add("etc/conda/activate.d/salute.sh", "export SALUTE_NAME=airlift\n")
    words.add("etc/conda/deactivate.d/salute.sh", "unset SALUTE_NAME\n")

    numbers = Package("salute-numbers", "1.1", "h0_0", "linux-64", depends=["salute-words >=2"])
    numbers.add("lib/salute.bin", b"\x7f\0data\0" + f"{PLACEHOLDER}/share:{PLACEHOLDER}/lib".encode() + b"\0\x01end",
                placeholder="binary")
    numbers.link("lib/salute.so", "salute.bin")

    salute = Package(
        "salute", "1.0", "pyh0_0", "noarch", noarch="python", entry_points=["salute = salute.cli:main"],
        depends=["python >=3.8", "salute-words 2.*", "salute-numbers"])
    salute.add("site-packages/salute/__init__.py", "")
    salute.add("site-packages/salute/cli.py", (
        "import os, pathlib, sys\n\n\ndef main():\n"
        "    words = pathlib.Path(sys.prefix, 'share/salute/words.txt').read_text().strip()\n"
        "    print(words, os.environ.get('SALUTE_NAME', ''))\n"))
    salute.add("site-packages/salute-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: salute\nVersion: 1.0\n")
    salute.add("site-packages/salute-1.0.dist-info/INSTALLER", "conda\n")
    salute.add("python-scripts/salute-path", f"#!{PLACEHOLDER}/bin/python\nimport sys\nprint(sys.prefix)\n", 0o755,
               placeholder="text")
    return [words, numbers, salute]


def main():
    airlift = sys.argv[1] if len(sys.argv) > 1 else "airlift"
    channel = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "channel"
    shutil.rmtree(channel, ignore_errors=True)
    repodata = {"linux-64": {}, "noarch": {}}
    pins = []
    for package in [python_package(airlift), *toy_packages()]:
        filename, record = package.write(channel)
        repodata[package.subdir][filename] = record
        pins.append(f"{package.name}={package.version}={package.build}")
    for subdir, records in repodata.items():
        document = {
            "info": {"subdir": subdir},
            "packages": {name: record for name, record in records.items() if name.endswith(".tar.bz2")},
            "packages.conda": {name: record for name, record in records.items() if name.endswith(".conda")},
            "removed": [], "repodata_version": 1}
        (channel / subdir / "repodata.json").write_text(json.dumps(document, indent=1, sort_keys=True))
    print("\n".join(pins))


if __name__ == "__main__":
    main()
