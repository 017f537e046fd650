/// Two archives that claim one path with different contents, one as a file and one as a directory, or that bring
/// one and the same Python distribution.
public struct PathConflict: Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let first: String
    public let second: String
    /// The project that both bring, where that is the conflict: `path` is then its directory of metadata.
    public let distribution: String?

    init(path: String, first: String, second: String, distribution: String? = nil) {
        self.path = path
        self.first = first
        self.second = second
        self.distribution = distribution
    }

    public var description: String {
        guard let distribution else {
            return "'\(path)' is brought by both \(first) and \(second), with different contents"
        }
        return
            "the Python distribution '\(distribution)' is brought by both \(first) ('\(path)') and \(second); leave one of them out"
    }
}
