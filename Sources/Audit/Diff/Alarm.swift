/// A change that whoever answers for security looks at first.
public struct Alarm: Hashable, Sendable {
    /// What it is about; the names are those of `--fail-on`. In the order in which they are told.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
        /// Nobody signed the newer side, and somebody signed the older one.
        case unsigned
        /// Somebody who signed the older side did not sign the newer one.
        case signer
        /// One and the same release with other contents.
        case otherBytes = "other-bytes"
        case downgrade
        case kind
        /// Another channel or index.
        case channel
        /// Something runs without being called that did not before, or runs another thing.
        case newHook = "new-hook"
        /// A rule was departed from.
        case override
        /// A policy was violated.
        case policy
        case newNativeLibrary = "new-native-library"

        public static func < (a: Kind, b: Kind) -> Bool { a.place < b.place }

        private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    public var alarm: Kind
    /// Whose: of a package, or of a key.
    public var subject: String
    /// What happened, in words that follow the subject.
    public var sentence: Sentence

    public init(_ alarm: Kind, _ subject: String, _ sentence: Sentence) {
        self.alarm = alarm
        self.subject = subject
        self.sentence = sentence
    }
}

extension Alarm: Codable {
    enum CodingKeys: String, CodingKey { case alarm, subject, text }

    /// The sentence as one text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(alarm, forKey: .alarm)
        try container.encode(subject, forKey: .subject)
        try container.encode(sentence.description, forKey: .text)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        alarm = try container.decode(Kind.self, forKey: .alarm)
        subject = try container.decode(String.self, forKey: .subject)
        sentence = Sentence(foreign: try container.decode(String.self, forKey: .text))
    }
}
