/// What py-rattler is asked, as programs of Python.
enum RattlerPrograms {
    /// Prints what differs between the records of two prefixes, theirs first.
    static let compare = """
        import glob, os, sys
        from rattler import PrefixRecord

        KINDS = ('hardlink', 'softlink', 'directory', 'pyc_file', 'unix_python_entry_point')

        def read(path):
            record = PrefixRecord.from_path(path)
            head = (record.name.source, str(record.version), record.build, record.build_number, record.subdir,
                    record.file_name, record.sha256, record.md5, record.size, len(record.depends),
                    len(record.constrains), str(record.noarch))
            paths = {}
            for entry in record.paths_data.paths:
                kind = next(kind for kind in KINDS if getattr(entry.path_type, kind))
                placeholder = entry.prefix_placeholder
                in_prefix = entry.sha256_in_prefix if kind == 'hardlink' and placeholder else None
                # Of what is changed, py-rattler states the new size, and of launchers size and digest.
                if kind == 'unix_python_entry_point':
                    paths[str(entry.relative_path)] = kind
                    continue
                size = entry.size_in_bytes if not placeholder else None
                paths[str(entry.relative_path)] = (
                    kind, entry.sha256, size, entry.no_link, placeholder, in_prefix)
            return head, paths, record

        theirs, ours = sys.argv[1:]
        names = sorted(os.path.basename(path) for path in glob.glob(theirs + '/conda-meta/*.json'))
        if names != sorted(os.path.basename(path) for path in glob.glob(ours + '/conda-meta/*.json')):
            print('other records')
        for name in names:
            head, paths, _ = read(f'{theirs}/conda-meta/{name}')
            own_head, own_paths, record = read(f'{ours}/conda-meta/{name}')
            if head != own_head:
                print(name, [pair for pair in zip(head, own_head) if pair[0] != pair[1]])
            for path in sorted(set(paths) | set(own_paths)):
                own = own_paths.get(path)
                if own and own[0] == 'pyc_file':
                    continue
                if paths.get(path) != own:
                    print(name, path, paths.get(path), own)
            if not record.url or bool(record.files) != bool(own_paths):
                print(name, 'lacks url or files')
        print('compared', len(names))
        """

    /// Installs each package alone, `noarch: python` ones beside a Python. Prints the numbers of those it installed.
    static let installEach = """
        import asyncio, hashlib, json, os, shutil, sys
        from rattler import PackageRecord, RepoDataRecord, install
        from rattler.package_streaming import extract

        def record(path, place):
            data = open(path, 'rb').read()
            extract(path, place)
            package = PackageRecord.from_index_json(
                place + '/info/index.json', size=len(data), sha256=hashlib.sha256(data).hexdigest(),
                md5=hashlib.md5(data).hexdigest())
            name = os.path.basename(path)
            return RepoDataRecord(package, name, 'file://' + path, 'file:///channel')

        async def main(python, scratch, *paths):
            for number, path in enumerate(paths):
                cache = f'{scratch}/cache-{number}'
                try:
                    records = [record(path, f'{scratch}/extracted-{number}')]
                    if records[0].noarch.python:
                        records.append(record(python, f'{scratch}/python-{number}'))
                    await install(records, f'{scratch}/env-{number}', cache_dir=cache, show_progress=False)
                except BaseException as error:
                    print('failed', number, type(error).__name__, str(error).split(chr(10))[0])
                else:
                    print('installed', number)
                for place in ('extracted', 'python', 'cache'):
                    shutil.rmtree(f'{scratch}/{place}-{number}', ignore_errors=True)

        asyncio.run(main(*sys.argv[1:]))
        """
}
