import TestSupport

extension ZipFault {
    static func ended(_ edit: @escaping @Sendable (inout ZipBuilder.End) -> Void) -> ZipBuilder {
        zip(a, b) { $0.editEnd = edit }
    }
    static func wideEnded(_ edit: @escaping @Sendable (inout ZipBuilder.End) -> Void) -> ZipBuilder {
        zip(a, b) {
            $0.usesZip64 = true; $0.editEnd = edit
        }
    }
    static let wideEnd = wideEnded { _ in }

    static let endFaults: [ZipFault] = [
        .init(
            "bytes before the first member", member: nil, says: "before its first",
            zip(a) { $0.prefix = [0] },
            twin: zip(a)),
        .init(
            "bytes before the first member that offsets leave out", member: nil, says: "does not end",
            zip(a) {
                $0.prefix = [0]; $0.shiftsOffsets = false
            }, twin: zip(a)),
        .init(
            "bytes before the directory", member: nil, says: "directory",
            zip(a) { $0.gapBeforeDirectory = [0] },
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
            "an archive in the comment", member: nil, says: "end record",
            zip(a) { $0.comment = zip(b).bytes },
            twin: zip(a) { $0.comment = Array("PK".utf8) }),
        .init(
            "an empty archive in the comment", member: nil, says: "end record",
            zip(a) { $0.comment = zip().bytes }, twin: zip()),
        .init(
            "bytes before an empty archive", member: nil, says: "belong to no member",
            zip { $0.prefix = [1] },
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
        .init(
            "two counts", member: nil, says: "counts 1 and 2", ended { $0.entriesOnDisk -= 1 }, twin: plain),
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
            "a ZIP64 record that is none", member: nil, says: "malformed",
            wideEnded { $0.wideSignature ^= 1 },
            twin: wideEnd),
        .init(
            "a ZIP64 locator that points elsewhere", member: nil, says: "locator",
            wideEnded { $0.locatorOffset -= 1 }, twin: wideEnd),
        .init(
            "a ZIP64 locator that points beyond all numbers", member: nil, says: "locator",
            wideEnded { $0.locatorOffset = .max - 3 }, twin: wideEnd),
        .init(
            "a ZIP64 locator of several disks", member: nil, says: "locator",
            wideEnded { $0.locatorDisks = 2 },
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
}
