/// Where something was asked for.
public struct Place: Hashable, Sendable, CustomStringConvertible {
    /// As errors name it.
    public let file: String
    /// Counted from 1.
    public let line: Int

    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    public var description: String { "\(file), line \(line)" }
}
