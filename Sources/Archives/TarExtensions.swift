/// What the headers before a member say of it: a pax header (POSIX.1-2001), or GNU's long names.
///
/// Readers differ where one thing is said twice; everything of that kind is a fault.
struct TarExtensions {
    typealias Fault = TarBlock.Fault

    private(set) var path: [UInt8]?
    private(set) var link: [UInt8]?
    private(set) var size: UInt64?
    private(set) var modificationTime: Int64?
    private var hasPax = false

    var isEmpty: Bool { !hasPax && path == nil && link == nil }

    mutating func addGNU(name bytes: [UInt8], isLink: Bool) throws(Fault) {
        // GNU tar ends the name with a NUL; others leave it out.
        let name = bytes.last == 0 ? Array(bytes.dropLast()) : bytes
        guard !hasPax, !name.isEmpty, !name.contains(0), (isLink ? link : path) == nil else {
            throw Fault(text: "a long name stands in it twice, or is empty")
        }
        if isLink { link = name } else { path = name }
    }

    mutating func addPax(_ bytes: [UInt8]) throws(Fault) {
        guard isEmpty else { throw Fault(text: "two extended headers stand before one member") }
        hasPax = true
        for (key, value) in try Self.records(bytes) {
            switch key {
            case "path": path = try Self.name(value)
            case "linkpath": link = try Self.name(value)
            case "size":
                guard let number = UInt64(String(decoding: value, as: UTF8.self)), value.first != 0x2b else {
                    throw Fault(text: "the size in an extended header is no number")
                }
                size = number
            case "mtime": modificationTime = try Self.seconds(value)
            default: try Self.checkOther(key, value)
            }
        }
    }

    /// A global header may say things that change no member's name, size or meaning.
    /// - Returns: the time of the members that have none of their own in an extended header; nil where it is
    ///   not said.
    static func global(_ bytes: [UInt8]) throws(Fault) -> Int64? {
        var time: Int64?
        for (key, value) in try records(bytes) {
            if key == "mtime" {
                time = try seconds(value)
                continue
            }
            if ["path", "linkpath", "size"].contains(key) {
                throw Fault(text: "a global header sets the '\(key)' of all members")
            }
            try checkOther(key, value)
        }
        return time
    }

    private static func checkOther(_ key: String, _ value: ArraySlice<UInt8>) throws(Fault) {
        if key.hasPrefix("GNU.sparse.") { throw Fault(text: "it holds a sparse file") }
        if key == "hdrcharset", !value.elementsEqual("ISO-IR 10646 2000 UTF-8".utf8) {
            throw Fault(text: "an extended header is not in UTF-8")
        }
    }

    private static func name(_ value: ArraySlice<UInt8>) throws(Fault) -> [UInt8] {
        guard !value.isEmpty, !value.contains(0) else {
            throw Fault(text: "a name in an extended header is empty or holds a NUL")
        }
        return Array(value)
    }

    /// Seconds with an optional fraction, which is dropped.
    private static func seconds(_ value: ArraySlice<UInt8>) throws(Fault) -> Int64 {
        let parts = value.split(separator: 0x2e, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = Int64(String(decoding: parts[0], as: UTF8.self)),
            parts.count == 1 || parts[1].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { throw Fault(text: "the time in an extended header is no number") }
        return whole
    }

    /// `length key=value\n`, each key once.
    private static func records(_ bytes: [UInt8]) throws(Fault) -> [(String, ArraySlice<UInt8>)] {
        var records: [(String, ArraySlice<UInt8>)] = []
        var keys: Set<String> = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard digits.count <= 8, digits.first != 0x30,
                let length = Int(String(decoding: digits, as: UTF8.self)),
                length <= rest.count, length > digits.count + 3, rest[digits.endIndex] == 0x20
            else { throw Fault(text: "a record of an extended header has a wrong length") }
            let record = rest.prefix(length)
            let body = record[(digits.endIndex + 1)...].dropLast()
            guard record.last == 0x0a, let equals = body.firstIndex(of: 0x3d), equals > body.startIndex,
                let key = String(validating: body[..<equals], as: UTF8.self), !key.utf8.contains(0x0a),
                !key.utf8.contains(0)
            else { throw Fault(text: "a record of an extended header is not of the form 'key=value'") }
            guard keys.insert(key).inserted else {
                throw Fault(text: "an extended header says '\(key)' twice")
            }
            records.append((key, body[(equals + 1)...]))
            rest = rest.dropFirst(length)
        }
        return records
    }
}
