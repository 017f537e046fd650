import Digests
import FoundationEssentials

extension SimpleIndexPage {
    /// Reads PEP 691 JSON; unknown keys are passed over.
    public init(json bytes: [UInt8], url: String) throws(WheelError) {
        let page: Page
        do { page = try JSONDecoder().decode(Page.self, from: Data(bytes)) } catch {
            throw WheelError(
                .indexPage, url, "it is no JSON of a simple index, or only part of it (\(Self.words(error)))")
        }
        try Self.check(apiVersion: page.meta.apiVersion, url: url)
        var notes: [String] = []
        let entries = page.files.compactMap { file -> IndexEntry? in
            switch file {
            case .readable(let entry): return entry
            case .unreadable(let reason):
                notes.append(
                    "an entry of the index page '\(WheelError.excerpt(url))' is passed over: \(reason)")
                return nil
            }
        }
        self.init(entries, notes: notes, page: URLReference(url))
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "the key '\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has another type"
        case DecodingError.dataCorrupted: "its syntax is broken"
        default: "it cannot be decoded"
        }
    }

    private struct Page: Decodable {
        struct Meta: Decodable {
            let apiVersion: String
            enum CodingKeys: String, CodingKey {
                case apiVersion = "api-version"
            }
        }

        let meta: Meta
        let files: [Entry]
    }

    /// One file; a malformed one does not take the others with it.
    private enum Entry: Decodable {
        case readable(IndexEntry)
        case unreadable(String)

        init(from decoder: any Decoder) throws {
            do { self = .readable(try File(from: decoder).entry) } catch {
                self = .unreadable(SimpleIndexPage.words(error))
            }
        }
    }

    private struct File: Decodable {
        let filename: String
        let url: String
        let hashes: [String: String]
        let requiresPython: String?
        let yanked: Yanked?
        let coreMetadata: Metadata?
        let oldCoreMetadata: Metadata?
        let size: UInt64?
        let uploadTime: String?

        enum CodingKeys: String, CodingKey {
            case filename, url, hashes, yanked, size
            case requiresPython = "requires-python"
            case coreMetadata = "core-metadata"
            // The key before PEP 714.
            case oldCoreMetadata = "dist-info-metadata"
            case uploadTime = "upload-time"
        }

        var entry: IndexEntry {
            IndexEntry(
                filename: filename, reference: url,
                hashes: .init(hashes.map { (asciiLowered($0), asciiLowered($1)) }) { first, _ in first },
                requiresPython: requiresPython, yanked: yanked?.reason,
                coreMetadata: (coreMetadata ?? oldCoreMetadata)?.file, size: size, uploadTime: uploadTime)
        }
    }

    /// `false`, `true` or a reason.
    private struct Yanked: Decodable {
        let reason: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                reason = flag ? "" : nil
            } else {
                reason = try container.decode(String.self)
            }
        }
    }

    /// `false`, `true` or digests.
    private struct Metadata: Decodable {
        let file: IndexFile.MetadataFile?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                file = flag ? .init(sha256: nil) : nil
            } else {
                let hashes = try container.decode([String: String].self)
                file = .init(sha256: hashes["sha256"].flatMap { SHA256Digest(hex: $0) })
            }
        }
    }
}
