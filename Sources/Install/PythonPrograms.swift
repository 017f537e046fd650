/// The small Python programs that are handed to an interpreter with `-c`.
enum PythonPrograms {
    /// Reads a relative path a line, compiles it beside itself and answers `k` (compiled), `s` (left alone) or
    /// `e` and an errno.
    static let compile = """
        import sys, os
        from importlib._bootstrap_external import _code_to_timestamp_pyc as pack, cache_from_source as cached
        # Not the directory in which this runs: what lies there is to be compiled, not imported.
        sys.path[:] = [place for place in sys.path if place]
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

    /// For byte code that is carried: writes each compiled module anew in one canonical form.
    ///
    /// marshal shares what is one object in memory and repeats what is merely equal, and whether two equal
    /// constants are one object depends on what the interpreter did before. Here everything that is equal is
    /// shared, but for functions; sets are ordered by their members' contents. The same source so always gives
    /// the same bytes, and they load as an equal code object. The layout of code objects is that of CPython 3.10,
    /// and of 3.11 to 3.14; another kind of object ends the program.
    static let normalized = #"""
        import sys
        from struct import pack as to_bytes, unpack_from
        _OLD = sys.version_info < (3, 11)
        sys.setrecursionlimit(20000)

        class _Reader:
            def __init__(self, data):
                self.data, self.position, self.slots = data, 16, []
                self.known, self.nodes, self.interned = {}, [], set()

            def node(self, kind, payload=b'', children=()):
                key = (kind, payload, children)
                found = self.known.get(key)
                if found is None:
                    found = self.known[key] = len(self.nodes)
                    self.nodes.append(key)
                return found

            def take(self, count):
                self.position += count
                return self.data[self.position - count:self.position]

            def size(self):
                self.position += 4
                return unpack_from('<i', self.data, self.position - 4)[0]

            def objects(self, count):
                return tuple([self.read() for _ in range(count)])

            def order(self, node):
                kind, payload, children = self.nodes[node]
                return (kind, repr(payload), [self.order(child) for child in children])

            def read(self):
                byte = self.data[self.position]
                self.position += 1
                slot = None
                if byte & 128:
                    slot = len(self.slots)
                    self.slots.append(None)
                found = self.body(chr(byte & 127))
                if slot is not None:
                    self.slots[slot] = found
                return found

            def body(self, kind):
                if kind in 'NFTS.':
                    return self.node(kind)
                if kind == 'r':
                    return self.slots[self.size()]
                if kind == 'i':
                    return self.node(kind, self.take(4))
                if kind == 'l':
                    count = self.size()
                    return self.node(kind, to_bytes('<i', count) + self.take(2 * abs(count)))
                if kind in 'gy':
                    return self.node(kind, self.take(8 if kind == 'g' else 16))
                if kind == 's':
                    return self.node(kind, self.take(self.size()))
                if kind in 'zZaAut':
                    count = self.take(1)[0] if kind in 'zZ' else self.size()
                    text = self.node('u', self.take(count))
                    if kind in 'ZAt':
                        self.interned.add(text)
                    return text
                if kind in '()':
                    return self.node('(', b'', self.objects(self.take(1)[0] if kind == ')' else self.size()))
                if kind in '<>':
                    return self.node(kind, b'', tuple(sorted(self.objects(self.size()), key=self.order)))
                if kind == ':':
                    return self.node(kind, b'', self.objects(3))
                if kind == 'c':
                    numbers = self.take(24 if _OLD else 20)
                    parts = self.objects(8)
                    line = self.take(4)
                    # Two functions are two objects, however alike.
                    return self.node(kind, (numbers, line, len(self.nodes)), parts + self.objects(1 if _OLD else 2))
                raise ValueError('marshal type %r is not known' % kind)

        def finish(data):
            reader = _Reader(bytes(data))
            root = reader.read()
            if reader.position != len(data):
                raise ValueError('a compiled module is not as long as it should be')
            nodes = reader.nodes
            count = [0] * len(nodes)

            def visit(node):
                count[node] += 1
                if count[node] == 1:
                    for child in nodes[node][2]:
                        visit(child)

            visit(root)
            out, number = [bytes(data[:16])], {}

            def write(node):
                kind, payload, children = nodes[node]
                mark = 0
                if count[node] > 1 and kind not in 'NFTS.i' and (children or payload):
                    if node in number:
                        out.append(b'r' + to_bytes('<i', number[node]))
                        return
                    number[node] = len(number)
                    mark = 128
                def put(kind, rest=b''):
                    out.append(bytes((ord(kind) | mark,)) + rest)
                if kind == 'u':
                    interned = node in reader.interned
                    if not payload.isascii():
                        put('t' if interned else 'u', to_bytes('<i', len(payload)) + payload)
                    elif len(payload) < 256:
                        put('Z' if interned else 'z', bytes((len(payload),)) + payload)
                    else:
                        put('A' if interned else 'a', to_bytes('<i', len(payload)) + payload)
                elif kind == 's':
                    put('s', to_bytes('<i', len(payload)) + payload)
                elif kind == '(':
                    short = len(children) < 256
                    put(')' if short else '(', bytes((len(children),)) if short else to_bytes('<i', len(children)))
                elif kind in '<>':
                    put(kind, to_bytes('<i', len(children)))
                elif kind == 'c':
                    put('c', payload[0])
                else:
                    put(kind, payload)
                for place, child in enumerate(children):
                    if kind == 'c' and place == 8:
                        out.append(payload[1])
                    write(child)

            write(root)
            return b''.join(out)

        """#
}
