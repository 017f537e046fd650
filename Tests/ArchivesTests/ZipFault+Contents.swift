import TestSupport

extension ZipFault {
    static let dataFaults: [ZipFault] = [
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
        .init(
            "data beyond the directory", says: "beyond", both { $0.compressedSize = 0x7fff_ffff }, twin: plain
        ),
        .init(
            "an offset beyond the directory", says: "beyond", listed { $0.offset = 0xffff_0000 }, twin: plain),
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
            "bytes between two members", member: "b.txt", says: "stand between",
            zip(a.with { $0.gap = [0] }, b),
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

    static let streamed = a.with { $0.hasDescriptor = true }
    static let wideStreamed = streamed.with { $0.usesZip64 = true }
    static func described(
        _ member: ZipMember = streamed, _ edit: @escaping @Sendable (inout ZipMember.Descriptor) -> Void
    ) -> ZipBuilder {
        zip(member.with { $0.editDescriptor = edit }, b)
    }

    static let descriptorFaults: [ZipFault] = [
        .init(
            "a data descriptor, and another size in the local header", says: "disagree",
            zip(streamed.with { $0.editLocal = { $0.size = 18 } }, b),
            twin: zip(streamed.with { $0.editLocal = { $0.size = 17 } }, b)),
        .init(
            "a data descriptor without signature", says: "data descriptor", described { $0.signature = nil },
            twin: zip(streamed, b)),
        .init(
            "a wide data descriptor without signature", says: "data descriptor",
            described(wideStreamed) { $0.signature = nil }, twin: zip(wideStreamed, b)),
        .init(
            "a data descriptor with another signature", says: "data descriptor",
            described { $0.signature = 7 },
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
            "a data descriptor that is not there", says: "data descriptor", both { $0.flags |= 8 },
            twin: plain),
        .init(
            "the directory leaves size and checksum to the descriptor", says: "",
            zip(
                streamed.with {
                    $0.editDirectory = {
                        $0.crc32 = 0; $0.size = 0; $0.compressedSize = 0
                    }
                }, b), twin: zip(streamed, b)),
    ]

    static let wide = a.with { $0.usesZip64 = true }
    static let zip64Faults: [ZipFault] = [
        .init(
            "a ZIP64 field that nothing asks for, with values", says: "disagree",
            listed { $0.extra = .extraField(1, .little(UInt64(0)) + .little(UInt64(1))) },
            twin: listed { $0.extra = .extraField(1, .little(UInt64(0)) + .little(UInt64(0))) }),
        .init(
            "a ZIP64 field that repeats sizes, and one of them is another", says: "disagree",
            listed {
                $0.extra = .extraField(1, .little(UInt64($0.size)) + .little(UInt64($0.compressedSize + 1)))
            },
            twin: listed {
                $0.extra = .extraField(1, .little(UInt64($0.size)) + .little(UInt64($0.compressedSize)))
            }),
        .init(
            "a ZIP64 field that repeats one size", says: "ZIP64",
            listed { $0.extra = .extraField(1, .little(UInt64($0.size))) }, twin: plain),
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
}
