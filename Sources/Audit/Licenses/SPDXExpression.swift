import Failures

/// A licence expression of SPDX (specification 2.3, Annex D; in 3.0 Annex B).
///
/// Identifiers are compared without regard to case and kept in the spelling of the licence list. `AND` binds
/// tighter than `OR`; nested lists of one operator are one list, so that `description` reads back as the same
/// value.
public indirect enum SPDXExpression: Hashable, Sendable, CustomStringConvertible {
    case license(License)
    /// All of these apply: `AND`.
    case all([SPDXExpression])
    /// One of these may be chosen: `OR`.
    case any([SPDXExpression])

    /// One licence with what stands beside it.
    public struct License: Hashable, Sendable, CustomStringConvertible {
        /// An identifier of the list, or `LicenseRef-…`.
        public var identifier: String
        /// `DocumentRef-…`, before a `LicenseRef-` that another document defines.
        public var document: String?
        /// Followed by `+`: this version or any later one.
        public var orLater: Bool
        /// An identifier of the list of exceptions, after `WITH`.
        public var exception: String?

        public init(
            identifier: String, document: String? = nil, orLater: Bool = false, exception: String? = nil
        ) {
            self.identifier = identifier
            self.document = document
            self.orLater = orLater
            self.exception = exception
        }

        /// Not of the list: its meaning is given elsewhere.
        public var isReference: Bool { identifier.hasPrefix("LicenseRef-") }

        /// Whether the list keeps the licence or its exception for old documents only.
        public var isDeprecated: Bool {
            SPDXLicenseList.isDeprecated(identifier) || exception.map(SPDXLicenseList.isDeprecated) == true
        }

        public var description: String {
            (document.map { "\($0):" } ?? "") + identifier + (orLater ? "+" : "")
                + (exception.map { " WITH \($0)" } ?? "")
        }
    }

    /// - Throws: at the first thing that the grammar or the licence list does not have.
    public init(_ text: String) throws(SPDXExpressionError) {
        var parser = try SPDXExpressionParser(text)
        self = try parser.parse()
    }

    /// The canonical text, which reads back as the same value.
    public var description: String {
        switch self {
        case .license(let license): license.description
        case .all(let parts):
            parts.map { part in
                if case .any = part { "(\(part))" } else { part.description }
            }.joined(separator: " AND ")
        case .any(let parts): parts.map(\.description).joined(separator: " OR ")
        }
    }

    /// Its licences, each once, in the order of the text.
    public var licenses: [License] {
        var seen: Set<License> = []
        return allLicenses.filter { seen.insert($0).inserted }
    }

    private var allLicenses: [License] {
        switch self {
        case .license(let license): [license]
        case .all(let parts), .any(let parts): parts.flatMap(\.allLicenses)
        }
    }

    /// As one list of `operation`, with nested lists of the same one opened.
    static func joined(_ parts: [SPDXExpression], all: Bool) -> SPDXExpression {
        guard parts.count != 1 else { return parts[0] }
        let flat = parts.flatMap { part -> [SPDXExpression] in
            switch part {
            case .all(let inner) where all: inner
            case .any(let inner) where !all: inner
            default: [part]
            }
        }
        return all ? .all(flat) : .any(flat)
    }
}

/// A text that is no licence expression.
public struct SPDXExpressionError: Failure, Equatable {
    public let text: String
    public let reason: String

    public var kind: FailureKind { .usage }

    public var description: String {
        let shown = text.utf8.count > 200 ? String(text.prefix(200)) + "…" : text
        return "'\(shown.printable)' is no SPDX licence expression: \(reason.printable)"
    }
}
