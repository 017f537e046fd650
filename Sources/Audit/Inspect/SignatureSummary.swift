import Bundle
import Failures

/// One signature of a bundle, judged with or without trust.
public struct SignatureSummary: Codable, Hashable, Sendable {
    /// Of its entry in the bundle, or of the file beside it.
    public var name: String
    /// Of the key, as OpenSSH writes it; nil where the signature cannot be read.
    public var fingerprint: String?
    /// OpenSSH's name of the key's kind.
    public var algorithm: String?
    /// Whether it is a correct signature of this very manifest by that key.
    public var correct: Bool
    /// Whether the key is one of those that the caller trusts; nil where none were given.
    public var trusted: Bool?
    /// Whom the caller's list names for the key.
    public var principals: [String]?
    /// What is wrong with it.
    public var fault: String?

    public init(
        name: String, fingerprint: String?, algorithm: String?, correct: Bool, trusted: Bool? = nil,
        principals: [String]? = nil, fault: String? = nil
    ) {
        self.name = name
        self.fingerprint = fingerprint
        self.algorithm = algorithm
        self.correct = correct
        self.trusted = trusted
        self.principals = principals
        self.fault = fault
    }

    var row: BundleOverview.Row {
        let key = [
            fingerprint?.printableASCII ?? name.printableASCII, algorithm.map { "(\($0.printableASCII))" },
        ]
        .compactMap { $0 }.joined(separator: " ")
        let names = (principals ?? []).joined(separator: ", ")
        let verdict =
            switch (correct, trusted) {
            case (false, _): "DOES NOT HOLD: \(fault ?? "it is of other bytes")"
            case (true, true): "trusted" + (names.isEmpty ? "" : ", \(names)")
            case (true, false): "not trusted" + (fault.map { ": \($0)" } ?? "")
            case (true, nil): "correct; whose key it is, --trust tells"
            }
        return .init("signed by", "\(key): \(verdict)")
    }
}
