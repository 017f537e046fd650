import Failures

/// A text or file of Python packaging that does not follow its specification.
public struct WheelError: Failure, Hashable {
    /// What the text was read as; the raw value is how a sentence names it.
    public enum Subject: String, Sendable {
        case name = "project name"
        case version = "version"
        case specifier = "version specifier"
        case marker = "environment marker"
        case requirement = "requirement"
        case filename = "wheel file name"
        case tag = "wheel tag"
        case platform = "platform"
        case metadata = "METADATA file"
        case wheelFile = "WHEEL file"
        case record = "RECORD file"
        case entryPoint = "entry point"
        case entryPoints = "entry_points.txt file"
        case directURL = "direct URL"
        case launcher = "launcher"
        case member = "wheel member"
        case layout = "wheel"
        case indexPage = "index page"
    }

    public let subject: Subject
    /// The text that was read, or the name of the file.
    public let text: String
    /// The cause, and what would be right, as the rest of a sentence.
    public let reason: String

    public init(_ subject: Subject, _ text: some StringProtocol, _ reason: String) {
        self.subject = subject
        self.text = String(text)
        self.reason = reason
    }

    public var kind: FailureKind { .damaged }

    public var description: String { "the \(subject.rawValue) '\(Self.excerpt(text))' is refused: \(reason)" }

    /// At most 200 characters, with control characters spelled out, so that a hostile text cannot
    /// rewrite the terminal it is shown on.
    static func excerpt(_ text: String) -> String {
        var shown = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            if count == 200 { return shown + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
