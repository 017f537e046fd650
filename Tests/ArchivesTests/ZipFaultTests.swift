import Archives
import Digests
import TestSupport
import Testing

/// One way to make a ZIP archive mean two things, and the nearest archive that means one.
struct ZipFault: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The member that the refusal names; nil where it is the archive as a whole.
    let member: String?
    /// A part of the reason.
    let reason: String
    let attack: ZipBuilder
    let twin: ZipBuilder

    init(
        _ description: String, member: String? = "a.txt", says reason: String, _ attack: ZipBuilder,
        twin: ZipBuilder
    ) {
        testDescription = description
        self.member = member
        self.reason = reason
        self.attack = attack
        self.twin = twin
    }
}

private let a = ZipMember("a.txt", "alpha alpha alpha")
private let b = ZipMember("b.txt", "beta", deflated: false)
private func zip(_ members: ZipMember..., change: (inout ZipBuilder) -> Void = { _ in }) -> ZipBuilder {
    ZipBuilder(members, change)
}
private typealias Edit = @Sendable (inout ZipMember.Header) -> Void
private func local(_ edit: @escaping Edit) -> ZipBuilder { zip(a.with { $0.editLocal = edit }, b) }
private func listed(_ edit: @escaping Edit) -> ZipBuilder { zip(a.with { $0.editDirectory = edit }, b) }
private func both(_ edit: @escaping Edit) -> ZipBuilder { zip(a.editingBoth(edit), b) }
private let plain = zip(a, b)

private let headerFaults: [ZipFault] = [
    .init(
        "the local header has another name", says: "another name", local { $0.name = Array("x.txt".utf8) },
        twin: plain),
    .init("the local header has another size", says: "disagree on size", local { $0.size += 1 }, twin: plain),
    .init(
        "the local header has another compressed size", says: "disagree on size",
        local { $0.compressedSize += 1 }, twin: plain),
    .init("the local header has another checksum", says: "checksum", local { $0.crc32 ^= 1 }, twin: plain),
    .init(
        "the local header has another method", says: "how it is stored", local { $0.method = 0 }, twin: plain),
    .init(
        "the local header has other flags", says: "how it is stored", local { $0.flags |= 8 },
        twin: local { $0.flags |= 2 }),
    .init(
        "the local header is none", says: "local header is missing", local { $0.signature ^= 1 }, twin: plain),
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

private let nameFaults: [ZipFault] =
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
            "no name", member: nil, says: "no name", zip(ZipMember("", "x")), twin: zip(ZipMember("x", "x"))),
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
            listed { $0.extra = .unicodePath("a.txt", for: $0.name) + .unicodePath("z.txt", for: $0.name) },
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

private let dataFaults: [ZipFault] = [
    .init(
        "deflated data that is none", says: "damaged", zip(a.with { $0.data = [0xff, 0xff, 0xff] }),
        twin: plain),
    .init(
        "deflated data that is cut short", says: "damaged",
        zip(a.with { $0.data = $0.contents.isEmpty ? [] : Array(deflate($0.contents).dropLast()) }),
        twin: plain),
    .init(
        "bytes behind the deflated data", says: "damaged",
        zip(a.with { $0.data = deflate($0.contents) + [0] }), twin: plain),
    .init("more bytes than declared (a bomb)", says: "declared", both { $0.size -= 1 }, twin: plain),
    .init("fewer bytes than declared", says: "declared", both { $0.size += 1 }, twin: plain),
    .init(
        "stored with two sizes", member: "b.txt", says: "it is stored",
        zip(a, b.editingBoth { $0.size += 1 }), twin: plain),
    .init("data beyond the directory", says: "beyond", both { $0.compressedSize = 0x7fff_ffff }, twin: plain),
    .init("an offset beyond the directory", says: "beyond", listed { $0.offset = 0xffff_0000 }, twin: plain),
    .init(
        "two members over one piece of data", member: "b.txt", says: "overlaps",
        zip(
            a,
            b.with {
                $0.isWritten = false; $0.editDirectory = { $0.offset = 0 }
            }), twin: plain),
    .init(
        "a member inside another", member: "b.txt", says: "overlaps",
        zip(
            ZipMember("a.txt", zip(b).bytes, deflated: false),
            b.with {
                $0.isWritten = false; $0.editDirectory = { $0.offset = 35 }
            }),
        twin: zip(ZipMember("a.txt", zip(b).bytes, deflated: false))),
    .init(
        "bytes between two members", member: "b.txt", says: "stand between", zip(a.with { $0.gap = [0] }, b),
        twin: plain),
    .init(
        "a member that the directory does not list", member: "b.txt", says: "stand between",
        zip(ZipMember("a.txt", "x"), ZipMember("h.txt", "hidden").with { $0.isListed = false }, b),
        twin: zip(ZipMember("a.txt", "x"), ZipMember("h.txt", "hidden"), b)),
    .init(
        "a member at the end that the directory does not list", member: nil, says: "directory",
        zip(a, ZipMember("h.txt", "hidden").with { $0.isListed = false }),
        twin: zip(a, ZipMember("h.txt", "hidden"))),
    .init(
        "a member that is not there", member: "b.txt", says: "beyond",
        zip(a, b.with { $0.isWritten = false }), twin: plain),
]

private let streamed = a.with { $0.hasDescriptor = true }
private let wideStreamed = streamed.with { $0.usesZip64 = true }
private func described(
    _ member: ZipMember = streamed, _ edit: @escaping @Sendable (inout ZipMember.Descriptor) -> Void
) -> ZipBuilder {
    zip(member.with { $0.editDescriptor = edit }, b)
}

private let descriptorFaults: [ZipFault] = [
    .init(
        "a data descriptor without signature", says: "data descriptor", described { $0.signature = nil },
        twin: zip(streamed, b)),
    .init(
        "a wide data descriptor without signature", says: "data descriptor",
        described(wideStreamed) { $0.signature = nil }, twin: zip(wideStreamed, b)),
    .init(
        "a data descriptor with another signature", says: "data descriptor", described { $0.signature = 7 },
        twin: zip(b, streamed)),
    .init(
        "a data descriptor with another checksum", says: "data descriptor", described { $0.crc32 ^= 1 },
        twin: zip(streamed, b)),
    .init(
        "a data descriptor with another size", says: "data descriptor", described { $0.size += 1 },
        twin: zip(streamed, b)),
    .init(
        "a data descriptor with another compressed size", says: "data descriptor",
        described { $0.compressedSize += 1 }, twin: zip(streamed, b)),
    .init(
        "a wide data descriptor with another size", says: "data descriptor",
        described(wideStreamed) { $0.size += 1 << 32 }, twin: described { $0.isWide = true }),
    .init(
        "a data descriptor that is not there", says: "data descriptor", both { $0.flags |= 8 }, twin: plain),
    .init(
        "the directory leaves size and checksum to the descriptor", says: "",
        zip(
            streamed.with {
                $0.editDirectory = {
                    $0.crc32 = 0; $0.size = 0; $0.compressedSize = 0
                }
            }, b), twin: zip(streamed, b)),
]

private let wide = a.with { $0.usesZip64 = true }
private let zip64Faults: [ZipFault] = [
    .init(
        "a ZIP64 field with another size", says: "declared",
        zip(
            wide.editingBoth {
                $0.extra = .extraField(1, .little(UInt64(9)) + .little(UInt64($0.extra[12])))
            }, b), twin: zip(wide, b)),
    .init(
        "a ZIP64 field that is too short", says: "ZIP64",
        zip(wide.editingBoth { $0.extra = .extraField(1, .little(UInt64(17))) }, b), twin: zip(wide, b)),
    .init(
        "a ZIP64 field that is not there", says: "ZIP64", zip(wide.editingBoth { $0.extra = [] }, b),
        twin: zip(wide, b)),
    .init(
        "two ZIP64 fields", says: "two ZIP64", zip(wide.editingBoth { $0.extra += $0.extra }, b),
        twin: zip(wide, b)),
    .init(
        "a ZIP64 field that nothing asks for, with another offset", says: "disagree",
        listed {
            $0.extra = .extraField(
                1, .little(UInt64($0.size)) + .little(UInt64($0.compressedSize)) + .little(UInt64(1)))
        },
        twin: listed {
            $0.extra = .extraField(
                1, .little(UInt64($0.size)) + .little(UInt64($0.compressedSize)) + .little(UInt64(0)))
        }),
    .init(
        "a ZIP64 size near the largest number", says: "beyond",
        zip(
            wide.with {
                $0.editDirectory = {
                    $0.extra = .extraField(1, .little(UInt64(17)) + .little(UInt64.max - 1))
                }
            }, b), twin: zip(wide, b)),
]

private func ended(_ edit: @escaping @Sendable (inout ZipBuilder.End) -> Void) -> ZipBuilder {
    zip(a, b) { $0.editEnd = edit }
}
private func wideEnded(_ edit: @escaping @Sendable (inout ZipBuilder.End) -> Void) -> ZipBuilder {
    zip(a, b) {
        $0.usesZip64 = true; $0.editEnd = edit
    }
}
private let wideEnd = wideEnded { _ in }

private let endFaults: [ZipFault] = [
    .init(
        "bytes before the first member", member: nil, says: "before its first", zip(a) { $0.prefix = [0] },
        twin: zip(a)),
    .init(
        "bytes before the first member that offsets leave out", member: nil, says: "does not end",
        zip(a) {
            $0.prefix = [0]; $0.shiftsOffsets = false
        }, twin: zip(a)),
    .init(
        "bytes before the directory", member: nil, says: "directory", zip(a) { $0.gapBeforeDirectory = [0] },
        twin: zip(a)),
    .init(
        "bytes behind the directory", member: nil, says: "does not end",
        zip(a) {
            $0.directoryTail = [0]; $0.countsDirectoryTail = false
        }, twin: zip(a)),
    .init(
        "bytes in the directory that are no header", member: nil, says: "malformed",
        zip(a) { $0.directoryTail = [0] }, twin: zip(a)),
    .init(
        "bytes behind the end", member: nil, says: "follow its end", zip(a) { $0.suffix = [0] },
        twin: zip(a) { $0.comment = [0] }),
    .init(
        "a comment longer than it says", member: nil, says: "follow its end",
        zip(a) {
            $0.comment = Array("hello".utf8); $0.editEnd = { $0.commentLength = 4 }
        }, twin: zip(a) { $0.comment = Array("hello".utf8) }),
    .init(
        "a comment shorter than it says", member: nil, says: "end",
        zip(a) { $0.editEnd = { $0.commentLength = 1 } }, twin: zip(a)),
    .init(
        "an archive in the comment", member: nil, says: "end record", zip(a) { $0.comment = zip(b).bytes },
        twin: zip(a) { $0.comment = Array("PK".utf8) }),
    .init(
        "an empty archive in the comment", member: nil, says: "end record",
        zip(a) { $0.comment = zip().bytes }, twin: zip()),
    .init(
        "bytes before an empty archive", member: nil, says: "belong to no member", zip { $0.prefix = [1] },
        twin: zip()),
    .init(
        "one member too many in the count", member: nil, says: "lists 2",
        ended {
            $0.entries += 1; $0.entriesOnDisk += 1
        }, twin: plain),
    .init(
        "one member too few in the count", member: nil, says: "lists 2",
        ended {
            $0.entries -= 1; $0.entriesOnDisk -= 1
        }, twin: plain),
    .init("two counts", member: nil, says: "counts 1 and 2", ended { $0.entriesOnDisk -= 1 }, twin: plain),
    .init(
        "a directory that is smaller than it is", member: nil, says: "does not end",
        ended { $0.directorySize -= 1 }, twin: plain),
    .init(
        "a directory elsewhere", member: nil, says: "does not end", ended { $0.directoryOffset -= 1 },
        twin: plain),
    .init(
        "a directory that begins later", member: nil, says: "malformed",
        ended {
            $0.directoryOffset += 1; $0.directorySize -= 1
        }, twin: plain),
    .init(
        "a directory at the largest offset", member: nil, says: "does not end",
        ended {
            $0.directoryOffset = .max - 1; $0.directorySize = .max - 1
        }, twin: plain),
    .init("the second of two disks", member: nil, says: "disks", ended { $0.disk = 1 }, twin: plain),
    .init(
        "a directory on a second disk", member: nil, says: "disks", ended { $0.directoryDisk = 1 },
        twin: plain),
    .init(
        "a ZIP64 record that is asked for and not there", member: nil, says: "not there",
        ended { $0.directorySize = .max }, twin: wideEnd),
    .init(
        "a ZIP64 record with another count", member: nil, says: "malformed",
        wideEnded { $0.wideEntriesOnDisk += 1 }, twin: wideEnd),
    .init(
        "a ZIP64 record with two members more", member: nil, says: "lists 2",
        wideEnded {
            $0.wideEntries += 2; $0.wideEntriesOnDisk += 2
        }, twin: wideEnd),
    .init(
        "a ZIP64 record that disagrees with the short one", member: nil, says: "disagree",
        zip(a, b) {
            $0.usesZip64 = true; $0.marksZip64 = false;
            $0.editEnd = {
                $0.wideEntries = 3; $0.wideEntriesOnDisk = 3
            }
        },
        twin: zip(a, b) {
            $0.usesZip64 = true; $0.marksZip64 = false
        }),
    .init(
        "a ZIP64 record beside two short counts", member: nil, says: "disagree",
        wideEnded { $0.entriesOnDisk = 1 }, twin: wideEnd),
    .init(
        "a ZIP64 record with room for more", member: nil, says: "malformed",
        wideEnded { $0.wideRecordSize = 45 }, twin: wideEnd),
    .init(
        "a ZIP64 record that is none", member: nil, says: "malformed", wideEnded { $0.wideSignature ^= 1 },
        twin: wideEnd),
    .init(
        "a ZIP64 locator that points elsewhere", member: nil, says: "locator",
        wideEnded { $0.locatorOffset -= 1 }, twin: wideEnd),
    .init(
        "a ZIP64 locator that points beyond all numbers", member: nil, says: "locator",
        wideEnded { $0.locatorOffset = .max - 3 }, twin: wideEnd),
    .init(
        "a ZIP64 locator of several disks", member: nil, says: "locator", wideEnded { $0.locatorDisks = 2 },
        twin: wideEnd),
    .init(
        "bytes between ZIP64 record and locator", member: nil, says: "locator",
        wideEnded { $0.wideGap = [0, 0] }, twin: wideEnd),
    .init(
        "a ZIP64 directory beyond all numbers", member: nil, says: "does not end",
        wideEnded {
            $0.wideDirectoryOffset = .max - 3; $0.wideDirectorySize = 99
        }, twin: wideEnd),
]

@Suite struct ZipFaultTests {
    @Test(arguments: headerFaults + nameFaults) func `headers and names`(_ fault: ZipFault) throws {
        try judge(fault)
    }
    @Test(arguments: dataFaults + descriptorFaults) func `contents and descriptors`(_ fault: ZipFault) throws
    { try judge(fault) }
    @Test(arguments: zip64Faults + endFaults) func `wide fields and end records`(_ fault: ZipFault) throws {
        try judge(fault)
    }

    private func judge(_ fault: ZipFault) throws {
        let twin = try readWhole(MemorySource(fault.twin.bytes))
        #expect(twin.digest == SHA256.hash(fault.twin.bytes))
        #expect(twin.contents.map(\.bytes) == fault.twin.members.map(\.contents))
        let streamedTwin = try readWhole(MemorySource(fault.twin.bytes), streaming: true)
        #expect(streamedTwin.contents.map(\.bytes) == fault.twin.members.map(\.contents))
        for streaming in [false, true] {
            let error = try #require(throws: ArchiveError.self) {
                _ = try readWhole(MemorySource(fault.attack.bytes), streaming: streaming)
            }
            #expect(error.member == fault.member)
            #expect(error.archive == "test.zip")
            // Streaming finds the same damage at another moment and words it otherwise.
            if !streaming { #expect(error.reason.contains(fault.reason), "\(error)") }
        }
    }
}
