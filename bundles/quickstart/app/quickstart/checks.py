"""Each check does something with the part it is about, instead of asking for its version alone."""

import importlib
import platform
import sqlite3
import ssl
import sys
from importlib import metadata
from pathlib import Path

from pydantic import BaseModel

from .settings import Settings


class Check(BaseModel):
    name: str
    passed: bool
    detail: str


class CompiledWheel(BaseModel):
    name: str
    version: str
    tag: str
    module: str
    loaded: bool


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def interpreter(settings: Settings) -> Check:
    version = platform.python_version()
    carried = Path(sys.base_prefix).resolve().is_relative_to(Path(sys.prefix).resolve())
    origin = "carried in the prefix" if carried else "the host's"
    passed = sys.version_info[:2] >= numbers(settings.python)
    return Check(name="python", passed=passed, detail=f"{version}, {origin}, base {sys.base_prefix}")


def tls(settings: Settings) -> Check:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion[settings.tls.replace(".", "_")]
    certificates = context.cert_store_stats()["x509_ca"]
    return Check(name="tls", passed=bool(context.get_ciphers()), detail=f"{ssl.OPENSSL_VERSION}, {certificates} CA certificates")


def sqlite(settings: Settings) -> Check:
    with sqlite3.connect(":memory:") as database:
        database.execute("create table carried (name text primary key)")
        database.execute("insert into carried values (?)", ("Grüße",))
        [row] = database.execute("select upper(name) from carried").fetchall()
    passed = row[0].startswith("GR") and sqlite3.sqlite_version_info >= numbers(settings.sqlite)
    return Check(name="sqlite", passed=passed, detail=sqlite3.sqlite_version)


def memory(settings: Settings) -> Check:
    import psutil

    free = psutil.virtual_memory().available >> 20
    return Check(name="memory", passed=free >= settings.free_memory_mib, detail=f"{free} MiB free")


def round_trip(settings: Settings) -> Check:
    """The settings through four compiled codecs and back, then against their own JSON schema."""
    import jsonschema
    import msgpack
    import orjson
    import yaml
    import zstandard

    first = settings.model_dump()
    packed = zstandard.ZstdCompressor().compress(msgpack.packb(first))
    second = msgpack.unpackb(zstandard.ZstdDecompressor().decompress(packed))
    third = orjson.loads(orjson.dumps(second))
    fourth = yaml.load(yaml.dump(third, Dumper=yaml.CDumper), Loader=yaml.CSafeLoader)
    jsonschema.validate(fourth, Settings.model_json_schema())
    return Check(name="codecs", passed=fourth == first, detail=f"{len(packed)} bytes packed")


def native_call(settings: Settings) -> Check:
    """A C function called by cffi, which builds its call with libffi."""
    import cffi

    interface = cffi.FFI()
    interface.cdef("long labs(long);")
    answer = interface.dlopen(None).labs(-42)
    return Check(name="native call", passed=answer == 42, detail=f"labs(-42) = {answer}")


def run(settings: Settings) -> list[Check]:
    checks = (interpreter, tls, sqlite, memory, round_trip, native_call)
    return [check(settings) for check in checks]


def compiled_wheels() -> list[CompiledWheel]:
    """Every installed distribution whose wheel was built for this platform, with a module of it imported."""
    found = []
    for distribution in metadata.distributions():
        lines = (distribution.read_text("WHEEL") or "").splitlines()
        tags = [line.partition(": ")[2] for line in lines if line.startswith("Tag: ")]
        tag = next((tag for tag in tags if not tag.endswith("-none-any")), None)
        libraries = sorted(str(file) for file in distribution.files or [] if file.suffix == ".so")
        if tag is None or not libraries:
            continue
        module = libraries[0].partition(".")[0].replace("/", ".")
        try:
            loaded = Path(importlib.import_module(module).__file__ or "").is_relative_to(sys.prefix)
        except ImportError:
            loaded = False
        name, version = distribution.metadata["Name"], distribution.version
        found.append(CompiledWheel(name=name, version=version, tag=tag, module=module, loaded=loaded))
    return sorted(found, key=lambda wheel: wheel.name.lower())
