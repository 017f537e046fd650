import Failures

/// A text or file of conda packaging that does not follow its specification.
public struct CondaError: Failure, Hashable {
    /// What the text was read as; the raw value is how a sentence names it.
    public enum Subject: String, Sendable {
        case name = "package name"
        case version = "version"
        case versionSpec = "version constraint"
        case matchSpec = "match spec"
        case filename = "package file name"
        case subdir = "platform"
        case channel = "channel"
        case repodata = "repodata"
        case record = "package record"
        case index = "info/index.json"
        case paths = "info/paths.json"
        case files = "info/files"
        case link = "info/link.json"
        case metadata = "package metadata"
        case entryPoint = "entry point"
        case prefix = "prefix"
        case prefixRecord = "conda-meta record"
        case json = "JSON document"
        case messagePack = "MessagePack document"
    }

    public let subject: Subject
    /// The text that was read, or the name of the file.
    public let text: String
    /// The cause, and what would be right, as the rest of a sentence.
    public let reason: String
    public let kind: FailureKind

    public init(
        _ subject: Subject, _ text: some StringProtocol, _ reason: String, kind: FailureKind = .damaged
    ) {
        self.subject = subject
        self.text = String(text)
        self.reason = reason
        self.kind = kind
    }

    public var description: String {
        let shown = text.unicodeScalars.count > 200 ? "\(text.unicodeScalars.prefix(200))…" : text
        return "the \(subject.rawValue) '\(shown.printable)' is refused: \(reason)"
    }
}
