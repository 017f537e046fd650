import Archives
import Bundle
import Files

/// Takes a bundle apart into its entries and puts it together again, well formed, with a change.
struct BundleRewriter {
    var stub: [UInt8]
    var entries: [(name: String, bytes: [UInt8])]

    init(_ path: String) throws {
        let reader = try BundleReader.open(path)
        let file = try FileRegion(path: path)
        stub = try file.bytes(at: 0, count: Int(reader.manifest.stub.size))
        entries = try reader.layout.members.map {
            ($0.name, try file.bytes(at: $0.dataOffset, count: Int($0.size)))
        }
    }

    var bytes: [UInt8] {
        var bytes = stub
        var members: [StoredZipMember] = []
        for (name, data) in entries {
            var padding = 0
            if name.hasPrefix("airlift/installer-") {
                let start =
                    bytes.count + Int(StoredZipMember.headerSize(name: name, size: UInt64(data.count)))
                padding = (4_096 - start % 4_096) % 4_096
                if padding > 0, padding < 4 { padding += 4_096 }
            }
            let member = StoredZipMember(
                name: name, size: UInt64(data.count), crc32: data.withUnsafeBytes { crc32($0) },
                offset: UInt64(bytes.count), padding: padding)
            bytes += member.localHeader + data
            members.append(member)
        }
        return bytes + StoredZipMember.directory(of: members, at: UInt64(bytes.count))
    }

    mutating func index(_ name: String) -> Int { entries.firstIndex { $0.name == name }! }
}

extension BundleReader {
    /// Opens a bundle and checks every byte of it.
    static func judge(_ path: String) throws { try open(path).verify(jobs: 1) }
}
