/// Who signed, as a list of signers knows them.
public struct Signer: Hashable, Sendable {
    /// `SHA256:…` of the key.
    public let fingerprint: String
    /// The kind of the key.
    public let algorithm: String
    /// From the lines of the list that allowed the signature: patterns of names, each once. They say whom the
    /// administrator holds to have the key, not who sat at the keyboard.
    public let principals: [String]
    /// What comes after the key in the first of these lines; empty where nothing does.
    public let comment: String

    public init(fingerprint: String, algorithm: String, principals: [String], comment: String) {
        self.fingerprint = fingerprint
        self.algorithm = algorithm
        self.principals = principals
        self.comment = comment
    }
}

/// Which of some signatures count.
public struct TrustVerdict: Hashable, Sendable {
    /// A signature that does not count, and why.
    public struct Rejection: Hashable, Sendable {
        /// Of the entry or the file.
        public let name: String
        public let reason: String
    }

    /// Distinct keys, in the order of the signatures.
    public let accepted: [Signer]
    public let rejected: [Rejection]
    /// Distinct keys that must have signed.
    public let threshold: Int

    public var isSatisfied: Bool { accepted.count >= threshold }
}
