import Files

/// The name of a wheel's member, compared by its bytes: composed and decomposed forms of a letter are two
/// members, although `String` holds them for one.
public struct MemberName: Hashable, Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }

    public static func == (a: MemberName, b: MemberName) -> Bool { haveSameBytes(a.text.utf8, b.text.utf8) }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
