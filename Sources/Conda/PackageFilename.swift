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
        var failure: CondaError?
        // What is read must be copied while the bytes are held.
        let read = Array(filename.utf8).withUnsafeBytes { bytes -> PackageFilename? in
            guard let form = Self.form(of: bytes) else {
                failure = refuse("it ends neither in .conda nor in .tar.bz2")
                return nil
            }
            let stem = UnsafeRawBufferPointer(rebasing: bytes.dropLast(form.rawValue.utf8.count))
            do throws(Fault) { return PackageFilename(try Parts(stem: stem, form: form), name: nil) } catch {
                failure = refuse(error.reason)
                return nil
            }
        }
        guard let read else { throw failure ?? refuse("it is no file name") }
        self = read
    }

    /// - Parameter name: where it is known already.
    init(_ parts: Parts, name: String?) {
        self.name = name ?? String(decoding: parts.name, as: UTF8.self)
        version = String(decoding: parts.version, as: UTF8.self)
        build = String(decoding: parts.build, as: UTF8.self)
        form = parts.form
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

    struct Fault: Error {
        let reason: String
    }

    /// A file name where it lies in a document, in bytes.
    struct Parts {
        let name: UnsafeRawBufferPointer
        let version: UnsafeRawBufferPointer
        let build: UnsafeRawBufferPointer
        let form: Form

        /// - Parameter stem: without the extension, as the `v3` section of repodata has it.
        init(stem: UnsafeRawBufferPointer, form: Form) throws(Fault) {
            guard stem.allSatisfy(PackageFilename.isAllowed) else {
                throw Fault(reason: "only letters, digits and any of _ . - + ! ~ = may stand in it")
            }
            guard let name = PackageFilename.name(inStem: stem), name[0] != UInt8(ascii: "."),
                let hyphen = stem.lastIndex(of: UInt8(ascii: "-")), hyphen + 1 < stem.count,
                hyphen > name.count + 1
            else { throw Fault(reason: "it is not of the form name-version-build") }
            self.name = name
            version = UnsafeRawBufferPointer(rebasing: stem[(name.count + 1)..<hyphen])
            build = UnsafeRawBufferPointer(rebasing: stem[(hyphen + 1)...])
            self.form = form
        }
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
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "+"), UInt8(ascii: "!"), UInt8(ascii: "~"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
