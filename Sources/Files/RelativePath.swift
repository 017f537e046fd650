import Failures
import Glibc

/// A path below some directory, in the form that is safe to write: `/` between components, none of them
/// empty, `.` or `..`, no leading `/`, no NUL, at most 4,095 bytes and 255 a component.
public struct RelativePath: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let string: String

    public init(_ text: String) throws(PathError) {
        if let reason = Self.fault(of: text) { throw PathError(path: text, reason: reason) }
        string = text
    }

    /// Judges raw bytes, so that text which is no UTF-8 is refused and not repaired.
    public init(bytes: some Collection<UInt8>) throws(PathError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PathError(path: String(decoding: bytes, as: UTF8.self), reason: "it is not UTF-8")
        }
        try self.init(text)
    }

    private init(unchecked text: String) { string = text }

    /// Split by bytes: as characters, a slash and a combining mark behind it are one, and no separator.
    public var components: [Substring] { string.utf8.split(separator: 0x2f).map { Substring($0) } }
    public var last: String {
        String(
            string[
                (string.utf8.lastIndex(of: 0x2f).map { string.utf8.index(after: $0) } ?? string.startIndex)...
            ])
    }
    /// The directory that holds it; nil for a path of one component.
    public var parent: RelativePath? {
        string.utf8.lastIndex(of: 0x2f).map { RelativePath(unchecked: String(string[..<$0])) }
    }

    public func appending(_ other: RelativePath) -> RelativePath {
        RelativePath(unchecked: string + "/" + other.string)
    }

    public func appending(_ text: String) throws(PathError) -> RelativePath {
        try RelativePath(string + "/" + text)
    }

    public var description: String { string }

    /// Equal bytes: composed and decomposed forms of a letter are two names to the file system, although
    /// `String` holds them for one.
    public static func == (a: RelativePath, b: RelativePath) -> Bool {
        compare(a.string, b.string) == 0
    }

    public func hash(into hasher: inout Hasher) {
        var text = string
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Order of the UTF-8 bytes, which no locale changes.
    public static func < (a: RelativePath, b: RelativePath) -> Bool {
        compare(a.string, b.string) < 0
    }

    /// As memcmp(3), the shorter first where one begins with the other.
    private static func compare(_ a: String, _ b: String) -> Int {
        let result = a.utf8.withContiguousStorageIfAvailable { a in
            b.utf8.withContiguousStorageIfAvailable { b -> Int in
                let order = memcmp(a.baseAddress!, b.baseAddress!, min(a.count, b.count))
                return order == 0 ? a.count - b.count : Int(order)
            }
        }
        if case .some(.some(let order)) = result { return order }
        return a.utf8.elementsEqual(b.utf8) ? 0 : a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
    }

    private static func fault(of text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes -> String? in
            if bytes.isEmpty { return "it is empty" }
            if bytes.count > 4_095 { return "it is longer than 4,095 bytes" }
            if bytes[0] == 0x2f { return "it is absolute" }
            var start = 0
            for position in 0...bytes.count {
                if position < bytes.count {
                    if bytes[position] == 0 { return "it holds a NUL" }
                    if bytes[position] != 0x2f { continue }
                }
                let length = position - start
                if length == 0 { return "it has an empty component" }
                if length > 255 { return "a component of it is longer than 255 bytes" }
                if length == 1, bytes[start] == 0x2e { return "it has a '.' component" }
                if length == 2, bytes[start] == 0x2e, bytes[start + 1] == 0x2e {
                    return "it has a '..' component"
                }
                start = position + 1
            }
            return nil
        }
    }
}

/// A path that must not be written.
public struct PathError: Failure, Equatable {
    public let path: String
    public let reason: String
    public var kind: FailureKind { .damaged }
    public var description: String { "the path '\(path.printable)' is refused: \(reason)" }
}

/// Whether two texts are the same bytes, as file names are compared: `==` holds composed and decomposed letters for
/// one.
public func haveSameBytes(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
    let result = a.withContiguousStorageIfAvailable { a in
        b.withContiguousStorageIfAvailable { b in
            a.count == b.count && (a.isEmpty || memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0)
        }
    }
    if case .some(.some(let same)) = result { return same }
    return a.elementsEqual(b)
}
