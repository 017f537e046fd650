"""Builds dist/quickstart-1.0.0-py3-none-any.whl with the standard library alone.

The same sources give the same bytes with any Python and any zlib: members are stored, sorted,
and carry the earliest time that a ZIP archive can.
"""

import base64
import hashlib
import io
import os
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DIST_INFO = "quickstart-1.0.0.dist-info"
METADATA = """\
Metadata-Version: 2.1
Name: quickstart
Version: 1.0.0
Summary: Looks at the environment it runs in and reports what it found
Requires-Python: >=3.10
Requires-Dist: cffi
Requires-Dist: jinja2
Requires-Dist: jsonschema
Requires-Dist: msgpack
Requires-Dist: orjson
Requires-Dist: psutil
Requires-Dist: pydantic>=2
Requires-Dist: pyyaml
Requires-Dist: rich
Requires-Dist: zstandard
"""
WHEEL = """\
Wheel-Version: 1.0
Generator: quickstart-build-wheel (1)
Root-Is-Purelib: true
Tag: py3-none-any
"""
ENTRY_POINTS = """\
[console_scripts]
quickstart = quickstart.cli:main
"""


def members() -> dict[str, bytes]:
    sources = sorted(HERE.glob("quickstart/*.py"))
    found = {f"quickstart/{source.name}": source.read_bytes() for source in sources}
    for name, text in (("METADATA", METADATA), ("WHEEL", WHEEL), ("entry_points.txt", ENTRY_POINTS)):
        found[f"{DIST_INFO}/{name}"] = text.encode()
    lines = []
    for name, data in found.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}\n")
    lines.append(f"{DIST_INFO}/RECORD,,\n")
    return found | {f"{DIST_INFO}/RECORD": "".join(lines).encode()}


def main() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members().items():
            member = zipfile.ZipInfo(name)
            member.create_system = 3
            member.external_attr = 0o100644 << 16
            archive.writestr(member, data)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "dist"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "quickstart-1.0.0-py3-none-any.whl"
    if target.exists() and target.read_bytes() == buffer.getvalue():
        return
    partial = target.with_suffix(".part")
    partial.write_bytes(buffer.getvalue())
    os.replace(partial, target)


if __name__ == "__main__":
    main()
