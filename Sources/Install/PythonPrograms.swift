/// The small Python programs that are handed to an interpreter with `-c`.
enum PythonPrograms {
    /// Reads a relative path a line, compiles it beside itself and answers `k` (compiled), `s` (left alone) or
    /// `e` and an errno.
    static let compile = """
        import sys, os
        from importlib._bootstrap_external import _code_to_timestamp_pyc as pack, cache_from_source as cached
        sys.path.clear()
        out = sys.stdout.buffer
        for line in sys.stdin.buffer:
            path = line[:-1].decode('utf-8', 'surrogateescape')
            answer = b'k'
            try:
                with open(path, 'rb') as file:
                    status = os.fstat(file.fileno())
                    source = file.read()
                try:
                    code = compile(source, path, 'exec', dont_inherit=True)
                except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
                    answer = b's'
                else:
                    target = cached(path)
                    data = finish(pack(code, int(status.st_mtime), status.st_size))
                    try:
                        file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
                    except FileNotFoundError:
                        os.makedirs(os.path.dirname(target), exist_ok=True)
                        file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
                    with open(file, 'wb') as stream:
                        stream.write(data)
            except FileExistsError:
                answer = b's'
            except OSError as error:
                answer = b'e%d' % (error.errno or 5)
            out.write(answer + b'\\n')
            out.flush()
        """

    /// For byte code that stays where it is made.
    static let asItIs = "finish = bytes\n"

    /// For byte code that is carried: takes the marks off objects that are never referred to again.
    ///
    /// marshal marks an object as one to be referred to later when something else holds it while it is written,
    /// which depends on what the interpreter happens to have loaded. Without the marks that nothing uses, and
    /// with the references counted anew, the same source always gives the same bytes. The layout of code objects
    /// is that of CPython 3.10, and of 3.11 to 3.14.
    static let normalized = """
        import sys
        from struct import unpack_from
        _OLD = sys.version_info < (3, 11)

        def _walk(data, position, marks, uses):
            stack = [1]
            while stack:
                if stack[-1] == 0:
                    stack.pop()
                    continue
                top = stack[-1]
                if isinstance(top, tuple):
                    stack.pop()
                    position += top[0]
                    continue
                if top > 0:
                    stack[-1] = top - 1
                kind = data[position]
                if kind & 128:
                    marks.append(position)
                    kind &= 127
                position += 1
                kind = chr(kind)
                if kind in 'NFTS.':
                    pass
                elif kind == '0':
                    if stack[-1] < 0:
                        stack.pop()
                elif kind == 'i':
                    position += 4
                elif kind == 'l':
                    position += 4 + 2 * abs(unpack_from('<i', data, position)[0])
                elif kind == 'g':
                    position += 8
                elif kind == 'y':
                    position += 16
                elif kind in 'sutaA':
                    position += 4 + unpack_from('<i', data, position)[0]
                elif kind in 'zZ':
                    position += 1 + data[position]
                elif kind == ')':
                    stack.append(data[position])
                    position += 1
                elif kind in '([<>':
                    stack.append(unpack_from('<i', data, position)[0])
                    position += 4
                elif kind == '{':
                    stack.append(-1)
                elif kind == ':':
                    stack.append(3)
                elif kind == 'r':
                    uses.append(position)
                    position += 4
                elif kind == 'c':
                    stack += [1 if _OLD else 2, (4,), 8]
                    position += 24 if _OLD else 20
                else:
                    raise SystemExit('marshal type %r is not known' % kind)
            return position

        def finish(data):
            marks, uses = [], []
            data = bytearray(data)
            if _walk(data, 16, marks, uses) != len(data):
                raise SystemExit('a compiled module is not as long as it should be')
            wanted = {unpack_from('<i', data, use)[0] for use in uses}
            number = {}
            for index, mark in enumerate(marks):
                if index in wanted:
                    number[index] = len(number)
                else:
                    data[mark] &= 127
            for use in uses:
                data[use:use + 4] = number[unpack_from('<i', data, use)[0]].to_bytes(4, 'little')
            return data

        """
}
