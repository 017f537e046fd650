import Audit
import Bundle
import Console
import Failures

/// What `airlift rebuild` found, as a document (docs/audit-json.md) and in words.
struct RebuildReport: Encodable {
    /// Of the installer.
    enum Source: String, Encodable { case bundle, named }

    let bundle: String
    let digest: String
    let generator: String
    let signatures: Int
    var equal = false
    /// The digest of what was cut again; nil where nothing could be cut.
    var rebuilt: String?
    var installer: Source = .bundle
    var archives: [RebuildStep.Origin] = []
    var differences: [RebuildDifference]
    var remarks: [String] = []
    /// Whether the lock was made from the spec could be told.
    var specIsCompared = true
    private let format = 1

    init(_ reader: BundleReader, differences: [RebuildDifference]) {
        bundle = reader.path
        digest = reader.digest.hex
        generator = reader.manifest.generator
        signatures = reader.signatures.count
        self.differences = differences
    }

    enum CodingKeys: String, CodingKey {
        case bundle, digest, generator, signatures, equal, rebuilt, installer, archives, differences, remarks
        case format = "airlift_rebuild"
    }

    /// - Parameters:
    ///   - checked: whether the bundle was compared.
    ///   - kept: the file that the new bundle was written to.
    func lines(checked: Bool, kept: String?) -> [String] {
        var lines: [String] = []
        if rebuilt != nil {
            lines.append(origins)
            if installer == .bundle {
                lines.append(
                    "The installer was taken from the bundle and is not checked: build it from source and name it with --installer."
                )
            }
            if let kept { lines.append("Written to \(kept.printable).") }
        }
        guard checked || rebuilt == nil else { return lines }
        guard equal else {
            return lines + [Style.red("\(bundle.printable) is not what its spec and lock give:")]
                + differences.map { "  " + $0.sentence }
        }
        let sources = specIsCompared ? "spec and lock give" : "lock gives"
        let verdict = Style.green("\(bundle.printable) is what its \(sources), to the byte.")
        let aside =
            switch signatures {
            case 0: ""
            case 1: " Its signature was set aside."
            default: " Its \(signatures) signatures were set aside."
            }
        return lines + ["\(verdict) Bundle digest \(digest).\(aside)"]
    }

    private var origins: String {
        func count(_ place: RebuildStep.Origin.Place) -> Int { archives.count { $0.from == place } }
        var parts: [String] = []
        if count(.network) > 0 { parts.append("\(count(.network)) fetched again") }
        if count(.store) > 0 { parts.append("\(count(.store)) taken from the store") }
        let taken = archives.filter { $0.from == .bundle }.map(\.filename.printable)
        if !taken.isEmpty {
            let shown = taken.prefix(5).joined(separator: ", ") + (taken.count > 5 ? ", …" : "")
            parts.append("\(taken.count) taken from the bundle (\(shown))")
        }
        return "\(archives.count) archives: \(parts.joined(separator: ", "))."
    }
}
