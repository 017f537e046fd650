import Digests

/// The index of sharded repodata (CEP 16): which shard has the records of which package.
public struct RepodataShards: Sendable {
    public private(set) var subdir: String?
    /// Where the packages are, an address or one relative to the index's own.
    public private(set) var baseURL: String?
    /// Where the shards are, as `baseURL`.
    public private(set) var shardsBaseURL = "./shards/"
    /// By the package's name.
    public private(set) var shards: [String: SHA256Digest] = [:]

    /// - Parameters:
    ///   - bytes: MessagePack, decompressed.
    ///   - name: for messages, without credentials.
    /// - Throws: `CondaError` with the offset of the byte that is wrong.
    public init(_ bytes: [UInt8], name: String) throws(CondaError) {
        var failure: CondaError?
        bytes.withUnsafeBytes { bytes in
            do throws(CondaError) {
                var reader = MessagePackReader(bytes)
                try read(&reader)
                try reader.finish()
            } catch {
                failure = error
            }
        }
        if let failure {
            throw failure.subject == .messagePack
                ? CondaError(.repodata, name, "\(failure.text): \(failure.reason)") : failure
        }
    }

    /// The repodata document that a shard stands for, as JSON.
    /// - Parameters:
    ///   - shard: MessagePack, decompressed.
    ///   - name: for messages, without credentials.
    public static func document(of shard: [UInt8], name: String) throws(CondaError) -> [UInt8] {
        do throws(CondaError) { return try MessagePackJSON.transcode(shard) } catch {
            throw CondaError(.repodata, name, "\(error.text): \(error.reason)")
        }
    }

    private mutating func read(_ reader: inout MessagePackReader) throws(CondaError) {
        guard case .map(let count) = try reader.next() else { throw reader.failure("a map is expected") }
        for _ in 0..<count {
            switch String(decoding: try reader.key(), as: UTF8.self) {
            case "version":
                guard case .integer(1) = try reader.next() else {
                    throw reader.failure("its format is not version 1; a newer Airlift may read it")
                }
            case "info": try readInfo(&reader)
            case "shards": try readShards(&reader)
            default: try reader.skip()
            }
        }
    }

    private mutating func readInfo(_ reader: inout MessagePackReader) throws(CondaError) {
        guard case .map(let count) = try reader.next() else { throw reader.failure("info is no map") }
        for _ in 0..<count {
            switch String(decoding: try reader.key(), as: UTF8.self) {
            case "subdir": subdir = try Self.text(&reader)
            case "base_url": baseURL = try Self.text(&reader)
            case "shards_base_url": shardsBaseURL = try Self.text(&reader) ?? shardsBaseURL
            default: try reader.skip()
            }
        }
    }

    private static func text(_ reader: inout MessagePackReader) throws(CondaError) -> String? {
        switch try reader.next() {
        case .null: return nil
        case .string(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw reader.failure("a string before it is no UTF-8")
            }
            return text
        default: throw reader.failure("a string is expected before it")
        }
    }

    private mutating func readShards(_ reader: inout MessagePackReader) throws(CondaError) {
        guard case .map(let count) = try reader.next() else { throw reader.failure("shards is no map") }
        shards.reserveCapacity(count)
        for _ in 0..<count {
            guard let name = String(validating: try reader.key(), as: UTF8.self) else {
                throw reader.failure("a package name before it is no UTF-8")
            }
            switch try reader.next() {
            case .binary(let digest) where digest.count == SHA256.byteCount:
                guard shards.updateValue(SHA256Digest(bytes: Array(digest)), forKey: name) == nil else {
                    throw reader.failure("the package '\(name)' stands in it twice")
                }
            // Withdrawn.
            case .null: break
            default: throw reader.failure("the shard of '\(name)' is not named by 32 bytes")
            }
        }
    }
}
