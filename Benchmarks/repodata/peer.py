"""What RepodataBenchmark does, with py-rattler's SparseRepoData: run by compare.py."""

import json
import resource
import sys
import time

from rattler import Channel, PackageName, SparseRepoData


def processor():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


base, names = sys.argv[1], sys.argv[2:]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start, used = time.monotonic(), processor()
channel = Channel("file://" + base)
sparse = [SparseRepoData(channel, subdir, f"{base}/{subdir}/repodata.json") for subdir in ("linux-64", "noarch")]
loaded = time.monotonic()
found = SparseRepoData.load_records_recursive(sparse, [PackageName(name) for name in names])
end = time.monotonic()
result = {"load": loaded - start, "closure": end - loaded, "processor": processor() - used, "interpreter": before}
# Counted afterwards: this makes Python objects, and a package that is there in both forms counts once.
names, stems = set(), set()
for record in (record for records in found for record in records):
    names.add(record.name.normalized)
    stems.add((record.subdir, record.file_name.removesuffix(".conda").removesuffix(".tar.bz2")))
print(json.dumps(result | {"names": len(names), "records": len(stems)}))
