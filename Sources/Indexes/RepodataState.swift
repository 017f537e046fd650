import Digests
import Fetch
import Files

/// What the store knows of a list of packages that it keeps: which bytes these are, and what the server called
/// them. One line each; nil where what is kept is no such thing.
struct RepodataState: Equatable {
    var sha256: SHA256Digest
    /// Bytes, decompressed.
    var size: UInt64
    var validators: Validators?

    private static let version = "1"

    var document: [UInt8] {
        let lines = [
            Self.version, sha256.hex, "\(size)", validators?.etag ?? "", validators?.lastModified ?? "",
        ]
        return Array(lines.map { $0 + "\n" }.joined().utf8)
    }

    init(sha256: SHA256Digest, size: UInt64, validators: Validators?) {
        self.sha256 = sha256
        self.size = size
        self.validators = validators
    }

    init?(document: [UInt8]) {
        let lines = document.split(separator: 0x0a, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard lines.count == 6, lines[0] == Self.version, let sha256 = SHA256Digest(hex: lines[1]),
            let size = UInt64(lines[2])
        else { return nil }
        func text(_ line: String) -> String? { line.isEmpty ? nil : line }
        let validators = Validators(etag: text(lines[3]), lastModified: text(lines[4]))
        let hasNone = validators.etag == nil && validators.lastModified == nil
        self.init(sha256: sha256, size: size, validators: hasNone ? nil : validators)
    }
}

/// The lists of packages that the store keeps, by the address that each came from.
struct RepodataStore {
    let store: ArchiveStore

    /// Of the clean address: an address holds no secret when it is hashed either.
    private func subject(_ address: CondaAddress) -> SHA256Digest { SHA256.hash(address.clean) }

    /// The state of the kept list; nil where there is none or it is damaged.
    func state(_ address: CondaAddress) throws -> RepodataState? {
        let subject = subject(address)
        guard let document = try store.document(.repodataState, of: subject),
            let state = RepodataState(document: document),
            let file = try store.largeDocument(.repodata, of: subject), try file.status().size == state.size
        else { return nil }
        let mapped = try MappedFile(file)
        mapped.willReadOnce()
        var hasher = SHA256()
        let piece = 4 << 20
        for start in stride(from: 0, to: mapped.bytes.count, by: piece) {
            let end = min(start + piece, mapped.bytes.count)
            hasher.update(UnsafeRawBufferPointer(rebasing: mapped.bytes[start..<end]))
            mapped.release(first: end)
        }
        return hasher.finalize() == state.sha256 ? state : nil
    }

    func open(_ address: CondaAddress) throws(FileError) -> OpenFile? {
        try store.largeDocument(.repodata, of: subject(address))
    }

    /// Keeps a list, and how to ask whether it is still the right one.
    func keep(
        _ address: CondaAddress, validators: Validators?,
        _ produce: ((UnsafeRawBufferPointer) throws(FileError) -> Void) throws -> Void
    ) throws {
        let subject = subject(address)
        let kept = try store.keepLarge(.repodata, of: subject, produce)
        let state = RepodataState(sha256: kept.sha256, size: kept.size, validators: validators)
        try store.keep(state.document, as: .repodataState, of: subject)
    }
}
