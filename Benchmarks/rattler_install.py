"""Installs packages with py-rattler and writes how many seconds the installation alone took.

    rattler_install.py CHANNEL PREFIX CACHE SECONDS SPEC...
"""

import asyncio
import sys
import time
from pathlib import Path

from rattler import Channel, Platform, VirtualPackage, install, solve


async def main(channel, prefix, cache, seconds, *specs):
    records = await solve(
        [Channel(channel)], specs, platforms=[Platform("linux-64"), Platform("noarch")],
        virtual_packages=VirtualPackage.detect())
    began = time.perf_counter()
    await install(records, prefix, cache_dir=cache, show_progress=False)
    Path(seconds).write_text(str(time.perf_counter() - began))


asyncio.run(main(*sys.argv[1:]))
