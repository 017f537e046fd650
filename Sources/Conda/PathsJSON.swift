import Digests
import Failures

/// The files that a package installs, as `info/paths.json` lists them (CEP 34), or as the older `info/files`,
/// `info/has_prefix` and `info/no_link` do.
///
/// The paths are those inside the archive; `NoarchPython` says where the ones of `noarch: python` go.
public struct PathsJSON: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// A file with content of its own; `hardlink` in the document.
        case file = "hardlink"
        case softlink
        case directory
    }

    /// The prefix that stands in a file since its build and is replaced by the one that it is installed in.
    public struct Placeholder: Hashable, Sendable {
        public enum Mode: String, Hashable, Sendable {
            /// Replaced wherever it stands; the file may grow or shrink.
            case text
            /// Replaced inside NUL-terminated strings; the file keeps its length.
            case binary
        }

        public let text: String
        public let mode: Mode

        public init(_ text: String, _ mode: Mode) {
            self.text = text
            self.mode = mode
        }

        /// What `info/has_prefix` means where it names none.
        public static let legacyText = "/opt/anaconda1anaconda2anaconda3"
    }

    public struct Entry: Hashable, Sendable {
        public let path: String
        /// Of a legacy list always `.file`: it does not say which paths are links, the archive's members do.
        public let kind: Kind
        /// Of the file in the archive, before any placeholder is replaced. Of a softlink, what builders write
        /// differs: the digest of the file it leads to, of nothing, or none.
        public let sha256: SHA256Digest?
        /// Bytes of the file in the archive.
        public let size: UInt64?
        /// Must be a copy of its own, and never a link to a file that is shared.
        public let noLink: Bool
        public let placeholder: Placeholder?

        public init(
            path: String, kind: Kind = .file, sha256: SHA256Digest? = nil, size: UInt64? = nil,
            noLink: Bool = false, placeholder: Placeholder? = nil
        ) {
            self.path = path
            self.kind = kind
            self.sha256 = sha256
            self.size = size
            self.noLink = noLink
            self.placeholder = placeholder
        }
    }

    /// Where the list comes from.
    public enum Source: Hashable, Sendable {
        /// `paths.json`: kinds, digests and sizes are stated.
        case paths
        /// `files`: only names are.
        case legacyFiles
    }

    public let source: Source
    /// In the order of the document; no path twice.
    public let entries: [Entry]

    init(source: Source, entries: [Entry]) {
        self.source = source
        self.entries = entries
    }

    /// Paths that a file system which folds case or composes letters would hold for one: pairs, each of an
    /// earlier and a later entry. Not a fault on Linux.
    public func collisionsByCase() -> [(String, String)] {
        var seen: [String: String] = [:]
        seen.reserveCapacity(entries.count)
        return entries.compactMap { entry in
            // String equality takes composed and decomposed forms for one, which is what is asked here.
            let folded = entry.path.lowercased()
            if let earlier = seen[folded] { return (earlier, entry.path) }
            seen[folded] = entry.path
            return nil
        }
    }
}
