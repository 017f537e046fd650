import Digests

/// One file that a wheel index offers (PEP 503, 592, 658, 691, 700, 714).
public struct IndexFile: Hashable, Sendable {
    /// That the METADATA of the wheel can be fetched alone, from its URL with `.metadata` added.
    public struct MetadataFile: Hashable, Sendable {
        public let sha256: SHA256Digest?

        public init(sha256: SHA256Digest?) { self.sha256 = sha256 }
    }

    public let filename: String
    /// Absolute, without its fragment.
    public let url: String
    /// Hexadecimal digests in lower case by the name of their algorithm.
    public let hashes: [String: String]
    public let requiresPython: VersionSpecifiers?
    /// nil: not yanked. The reason may be empty (PEP 592).
    public let yanked: String?
    /// nil: the index does not say so; the file may be there all the same.
    public let coreMetadata: MetadataFile?
    /// Bytes.
    public let size: UInt64?
    /// As the index writes it (PEP 700: RFC 3339).
    public let uploadTime: String?

    public var sha256: SHA256Digest? { hashes["sha256"].flatMap { SHA256Digest(hex: $0) } }

    /// The upload time in whole seconds: `2024-05-01T09:30:00Z`. nil where the index gives none, or not in UTC
    /// as PEP 700 wants it.
    public var released: String? {
        guard let time = uploadTime?.utf8, time.count >= 20, time.last == UInt8(ascii: "Z") else {
            return nil
        }
        let (whole, rest) = (time.prefix(19), time.dropFirst(19).dropLast())
        let hasShape = zip(whole, "0000-00-00T00:00:00".utf8).allSatisfy { byte, form in
            form == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == form
        }
        let isFraction =
            rest.first == UInt8(ascii: ".") && rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
        guard hasShape, rest.isEmpty || isFraction else { return nil }
        return String(decoding: whole, as: UTF8.self) + "Z"
    }
}

/// One entry of a page before it is judged.
struct IndexEntry {
    var filename: String?
    var reference: String
    var hashes: [String: String] = [:]
    var requiresPython: String?
    var yanked: String?
    var coreMetadata: IndexFile.MetadataFile?
    var size: UInt64?
    var uploadTime: String?

    /// `page` is what references are relative to.
    /// - Throws: the reason why the entry is passed over, as the rest of a sentence.
    func file(page: URLReference) throws(WheelError) -> IndexFile {
        func refusal(_ reason: String) -> WheelError { WheelError(.indexPage, filename ?? reference, reason) }
        guard reference.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw refusal("its URL holds white space or a control character")
        }
        var url = page.resolving(URLReference(reference))
        guard let scheme = url.scheme, scheme == "https" || scheme == "http" || scheme == page.scheme else {
            throw refusal("its URL '\(WheelError.excerpt(reference))' is none of http or https")
        }
        var hashes = hashes
        for part in (url.fragment ?? "").split(separator: "&") {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let algorithm = asciiLowered(part[..<equals])
            let digits = asciiLowered(part[part.index(after: equals)...])
            guard Self.algorithms.contains(algorithm), Hex.decode(digits) != nil else { continue }
            hashes[algorithm] = hashes[algorithm] ?? digits
        }
        url.fragment = nil
        guard let name = filename ?? url.filename, !name.isEmpty, name != ".", name != "..",
            name.utf8.allSatisfy({
                $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
            })
        else { throw refusal("its file name cannot be one") }
        var specifiers: VersionSpecifiers?
        if let requiresPython, !trimmed(requiresPython).isEmpty {
            do { specifiers = try VersionSpecifiers(requiresPython) } catch {
                throw refusal("in its Requires-Python, \(error.description)")
            }
        }
        return IndexFile(
            filename: name, url: url.description, hashes: hashes, requiresPython: specifiers, yanked: yanked,
            coreMetadata: coreMetadata, size: size, uploadTime: uploadTime)
    }

    private static let algorithms: Set<String> = [
        "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b",
    ]
}
