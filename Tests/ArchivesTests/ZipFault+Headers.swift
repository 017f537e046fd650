import TestSupport

extension ZipFault {
    static let headerFaults: [ZipFault] = [
        .init(
            "the local header has another name", says: "another name",
            local { $0.name = Array("x.txt".utf8) },
            twin: plain),
        .init(
            "the local header has another size", says: "disagree on size", local { $0.size += 1 }, twin: plain
        ),
        .init(
            "the local header has another compressed size", says: "disagree on size",
            local { $0.compressedSize += 1 }, twin: plain),
        .init(
            "the local header has another checksum", says: "checksum", local { $0.crc32 ^= 1 }, twin: plain),
        .init(
            "the local header has another method", says: "how it is stored", local { $0.method = 0 },
            twin: plain),
        .init(
            "the local header has other flags", says: "how it is stored", local { $0.flags |= 8 },
            twin: local { $0.flags |= 2 }),
        .init(
            "the local header is none", says: "local header is missing", local { $0.signature ^= 1 },
            twin: plain),
        .init("both headers have a wrong checksum", says: "checksum", both { $0.crc32 ^= 1 }, twin: plain),
        .init("a method that nobody knows", says: "method 7", both { $0.method = 7 }, twin: plain),
        .init("bzip2, which other readers know", says: "method 12", both { $0.method = 12 }, twin: plain),
        .init("encrypted", says: "encrypted", both { $0.flags |= 1 }, twin: both { $0.flags |= 4 }),
        .init("strongly encrypted", says: "encrypted", both { $0.flags |= 0x40 }, twin: plain),
        .init("an encrypted directory", says: "encrypted", both { $0.flags |= 0x2000 }, twin: plain),
        .init("patch data", says: "patch", both { $0.flags |= 0x20 }, twin: plain),
        .init("on another disk", says: "disk", listed { $0.disk = 1 }, twin: plain),
        .init(
            "a format to come", says: "version 64", both { $0.versionNeeded = 64 },
            twin: both { $0.versionNeeded = 63 }),
        .init(
            "a directory header that is none", member: nil, says: "malformed", listed { $0.signature ^= 1 },
            twin: plain),
        .init(
            "a name that reaches beyond the directory", member: nil, says: "cut short",
            listed { $0.nameLength = 9_999 }, twin: plain),
        .init(
            "an extra field that reaches beyond its place", says: "malformed",
            listed { $0.extra = [1, 0, 9, 0, 1] }, twin: listed { $0.extra = .extraField(0x5455, [1, 2]) }),
        .init(
            "zeros behind the extra fields", says: "malformed", listed { $0.extra = [0, 0, 0] },
            twin: listed { $0.extra = .extraField(0xcafe, []) }),
        .init(
            "zeros behind the local extra fields", says: "malformed", local { $0.extra = [0] },
            twin: local { $0.extra = .extraField(0xcafe, [1]) }),
    ]
}
