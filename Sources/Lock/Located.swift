/// A value together with the line of the file that it was read from.
public struct Located<Value> {
    public let value: Value
    /// Counted from 1.
    public let line: Int

    public init(_ value: Value, line: Int) {
        self.value = value
        self.line = line
    }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Sendable where Value: Sendable {}
