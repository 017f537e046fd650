import Archives
import Bundle
import Files

/// Takes a bundle apart into its entries and puts it together again, well formed, with a change.
public struct BundleRewriter {
    public var stub: [UInt8]
    public var entries: [(name: String, bytes: [UInt8])]

    public init(_ path: String) throws {
        let reader = try BundleReader.open(path)
        let file = try FileRegion(path: path)
        stub = try file.bytes(at: 0, count: Int(reader.manifest.stub.size))
        entries = try reader.layout.members.map {
            ($0.name, try file.bytes(at: $0.dataOffset, count: Int($0.size)))
        }
    }

    public var bytes: [UInt8] {
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

    public func index(_ name: String) -> Int { entries.firstIndex { $0.name == name }! }
}
