import Digests
import Failures

/// A RECORD file: the files of a distribution with digest and size (binary distribution format; PEP 376).
public struct RecordFile: Hashable, Sendable {
    /// Digests that are strong enough to be kept by the format; weaker ones are refused.
    public enum Digest: Hashable, Sendable {
        case sha256(SHA256Digest)
        case sha384([UInt8])
        case sha512([UInt8])
    }

    public struct Row: Hashable, Sendable {
        public let path: String
        /// nil for RECORD itself and its signatures.
        public let digest: Digest?
        /// Bytes.
        public let size: UInt64?

        public init(path: String, digest: Digest?, size: UInt64?) {
            self.path = path
            self.digest = digest
            self.size = size
        }

        /// A row for a file that was written.
        public init(path: String, sha256: SHA256Digest, size: UInt64) {
            self.init(path: path, digest: .sha256(sha256), size: size)
        }
    }

    public let rows: [Row]

    /// - Precondition: each path once.
    public init(rows: [Row]) { self.rows = rows }

    /// Reads CSV of three columns, quoted fields and either line end allowed.
    /// - Throws: every malformed or repeated row at once (at most 100 are named).
    public init(_ bytes: [UInt8]) throws(FailureList) {
        var faults: [WheelError] = []
        rows = bytes.withUnsafeBufferPointer { buffer in
            var reader = RecordReader(buffer)
            let rows = reader.rows()
            faults = reader.faults
            return rows
        }
        if !faults.isEmpty { throw FailureList(faults) }
    }

    /// The bytes of the file: the rows by the order of their paths' bytes, lines ended by a line feed.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows.count * 96)
        for row in rows.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
            Self.append(row.path, to: &bytes)
            bytes.append(UInt8(ascii: ","))
            if let digest = row.digest { bytes += digest.description.utf8 }
            bytes.append(UInt8(ascii: ","))
            if let size = row.size { bytes += "\(size)".utf8 }
            bytes.append(0x0a)
        }
        return bytes
    }

    private static func append(_ field: String, to bytes: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let special = field.utf8.contains {
            $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0a || $0 == 0x0d
        }
        guard special else {
            bytes += field.utf8
            return
        }
        bytes.append(quote)
        for byte in field.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }
}

extension RecordFile.Digest: CustomStringConvertible {
    /// `sha256=` and the digest in base 64, as a row holds it.
    public var description: String {
        switch self {
        case .sha256(let digest): "sha256=" + Base64URL.encode(digest.bytes)
        case .sha384(let bytes): "sha384=" + Base64URL.encode(bytes)
        case .sha512(let bytes): "sha512=" + Base64URL.encode(bytes)
        }
    }
}
