import Failures

/// One thing in which a bundle is not what its own spec and lock give.
public struct RebuildDifference: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Another version of Airlift cut the bundle.
        case generator
        /// Upstream now has other bytes than the lock names.
        case upstream
        /// The stub, which runs before anything is checked.
        case stub
        case installer
        /// An archive of upstream's.
        case archive
        /// Compiled modules.
        case bytecode
        /// A file of the application's.
        case file
        case sbom
        case spec
        case lock
        /// Any other entry.
        case entry
        /// A statement of the manifest.
        case manifest
        /// The bytes differ although every part is the same.
        case layout
    }

    public let kind: Kind
    /// The entry, the key of the manifest, or the archive that it is about.
    public let subject: String
    /// What the bundle has; nil where it has nothing of the kind.
    public let bundle: String?
    /// What cutting again gives.
    public let rebuilt: String?
    /// What follows from it, in a sentence.
    public let meaning: String

    public init(_ kind: Kind, _ subject: String, bundle: String?, rebuilt: String?, meaning: String) {
        self.kind = kind
        self.subject = subject
        self.bundle = bundle
        self.rebuilt = rebuilt
        self.meaning = meaning
    }

    /// One sentence, without what is not printable.
    public var sentence: String {
        let sides =
            switch (bundle, rebuilt) {
            case (let bundle?, let rebuilt?): " (bundle: \(bundle); cut again: \(rebuilt))"
            case (let bundle?, nil): " (only in the bundle: \(bundle))"
            case (nil, let rebuilt?): " (missing in the bundle; cut again: \(rebuilt))"
            case (nil, nil): ""
            }
        return "\(kind.rawValue) '\(subject)': \(meaning)\(sides)".printable
    }
}
