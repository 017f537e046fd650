import TestSupport

extension ZipFault {
    static let nameFaults: [ZipFault] =
        [
            ("../up.txt", "..up.txt"), ("a/../../up.txt", "a/..b/up.txt"), ("/etc/passwd", "etc/passwd"),
            ("./a.txt", ".a.txt"),
            ("a//b.txt", "a/b.txt"), ("a\\b.txt", "a_b.txt"), ("C:evil.txt", "CC:fine.txt"),
            ("a\u{1}.txt", "a .txt"),
            ("a\u{7f}.txt", "a~.txt"), ("a\0.txt", "a0.txt"), ("..", "..."), ("/", "a/"), ("a//", "a/b/"),
        ].map { name, fine in
            ZipFault(
                "the name \(name.debugDescription)", member: name, says: "its name",
                zip(ZipMember(name, fine.hasSuffix("/") ? "" : "text", mode: 0)),
                twin: zip(ZipMember(fine, fine.hasSuffix("/") ? "" : "text", mode: 0)))
        } + [
            .init(
                "no name", member: nil, says: "no name", zip(ZipMember("", "x")),
                twin: zip(ZipMember("x", "x"))),
            .init("twice the same name", says: "twice", zip(a, a), twin: zip(a, ZipMember("A.txt", "alpha"))),
            .init(
                "a name that is no UTF-8", member: "caf\u{fffd}.txt", says: "not UTF-8",
                zip(a.with { $0.name = Array("caf".utf8) + [0xe9] + Array(".txt".utf8) }),
                twin: zip(ZipMember("café.txt", "x"))),
            .init(
                "a name of UTF-8 that is not marked so", member: "café.txt", says: "not marked",
                zip(ZipMember("café.txt", "x").editingBoth { $0.flags &= ~0x800 }),
                twin: zip(ZipMember("café.txt", "x"))),
            .init(
                "a Unicode path field with another name", says: "Unicode path",
                listed { $0.extra = .unicodePath("z.txt", for: $0.name) },
                twin: listed { $0.extra = .unicodePath("a.txt", for: $0.name) }),
            .init(
                "a second Unicode path field", says: "Unicode path",
                listed {
                    $0.extra = .unicodePath("a.txt", for: $0.name) + .unicodePath("z.txt", for: $0.name)
                },
                twin: listed { $0.extra = .unicodePath("a.txt", for: $0.name) }),
            .init(
                "a Unicode path field in the local header alone", says: "Unicode path",
                local { $0.extra = .unicodePath("z.txt", for: $0.name) },
                twin: local { $0.extra = .unicodePath("a.txt", for: $0.name) }),
            .init(
                "a directory that is a file", member: "d/", says: "directory with contents",
                zip(ZipMember("d/", "payload", mode: 0)),
                twin: zip(ZipMember("d/", "", deflated: false, mode: 0o040755))),
            .init(
                "a directory whose attributes say file", member: "d/", says: "disagree",
                zip(ZipMember("d/", "", deflated: false, mode: 0o100644)),
                twin: zip(ZipMember("d/", "", deflated: false, mode: 0o040755))),
            .init(
                "a file whose attributes say directory", says: "disagree", zip(a.with { $0.mode = 0o040755 }),
                twin: zip(a.with { $0.mode = 0o100755 })),
        ]
}
