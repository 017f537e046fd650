/// The file name of a conda package: `name-version-build.conda` or `name-version-build.tar.bz2` (CEP 26).
public struct PackageFilename: Hashable, Sendable, CustomStringConvertible {
    /// The form of the archive; the raw value is the extension with its dot.
    public enum Form: String, Hashable, Sendable {
        case conda = ".conda"
        case tarBzip2 = ".tar.bz2"
    }

    public let name: String
    public let version: String
    public let build: String
    public let form: Form

    /// Splits a file name at its last two hyphens.
    /// - Throws: `CondaError` for any other form, and for characters that no such name may have: those could lead
    ///   to another place when the name becomes part of a path or an address.
    public init(_ filename: some StringProtocol) throws(CondaError) {
        func refuse(_ reason: String) -> CondaError { CondaError(.filename, filename, reason) }
        let bytes = Array(filename.utf8)
        guard let form = bytes.withUnsafeBytes({ Self.form(of: $0) }) else {
            throw refuse("it ends neither in .conda nor in .tar.bz2")
        }
        let stem = bytes[..<(bytes.count - form.rawValue.utf8.count)]
        try self.init(stem: stem, form: form) { (reason) in refuse(reason) }
    }

    /// - Parameter stem: the file name without its extension, as the `v3` section of repodata has it.
    init(stem: some BidirectionalCollection<UInt8>, form: Form, refuse: (String) -> CondaError)
        throws(CondaError)
    {
        guard stem.allSatisfy(Self.isAllowed) else {
            throw refuse("only letters, digits and any of _ . - + ! ~ = may stand in it")
        }
        let parts = String(decoding: stem, as: UTF8.self).split(
            separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, !parts[parts.count - 1].isEmpty, !parts[parts.count - 2].isEmpty,
            !parts[0].isEmpty, parts[0].utf8.first != UInt8(ascii: ".")
        else { throw refuse("it is not of the form name-version-build") }
        name = parts.dropLast(2).joined(separator: "-")
        version = String(parts[parts.count - 2])
        build = String(parts[parts.count - 1])
        self.form = form
    }

    public var description: String { "\(name)-\(version)-\(build)\(form.rawValue)" }

    static func form(of filename: UnsafeRawBufferPointer) -> Form? {
        func ends(with suffix: StaticString) -> Bool {
            let suffix = UnsafeRawBufferPointer(start: suffix.utf8Start, count: suffix.utf8CodeUnitCount)
            return filename.count > suffix.count && filename.suffix(suffix.count).elementsEqual(suffix)
        }
        if ends(with: ".conda") { return .conda }
        return ends(with: ".tar.bz2") ? .tarBzip2 : nil
    }

    /// The bytes before the last but one hyphen; nil where there are not two, or nothing stands before them.
    static func name(inStem stem: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var end = stem.count
        for _ in 0..<2 {
            repeat {
                end -= 1
                if end <= 0 { return nil }
            } while stem[end] != UInt8(ascii: "-")
        }
        return UnsafeRawBufferPointer(rebasing: stem[..<end])
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_.-+!~=".utf8.contains(byte)
        }
    }
}
