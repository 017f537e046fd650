/// Reads a match spec: what stands before the brackets here, the rest in `MatchSpecKeys`.
struct MatchSpecParser {
    /// Without credentials.
    let text: String
    private let bytes: ArraySlice<UInt8>
    private static let longest = 8192

    init(_ text: String) throws(CondaError) {
        self.text = MatchSpecAddress.withoutCredentials(text)
        bytes = Array(self.text.utf8)[...].trimmed
        guard bytes.count <= Self.longest else {
            throw refuse("it has \(bytes.count) bytes; at most \(Self.longest) are read")
        }
    }

    func refuse(_ reason: String) -> CondaError { CondaError(.matchSpec, text, reason) }

    mutating func specification() throws(CondaError) -> MatchSpec {
        let open = Self.firstBracket(bytes)
        var head = bytes[..<open]
        var keys = MatchSpecKeys(self)
        if let package = try reading({ () throws(CondaError) in try MatchSpecAddress.package(head) }) {
            var spec = try specification(of: package)
            try keys.read(bytes[open...])
            try keys.apply(to: &spec)
            return spec
        }
        if let comment = head.firstIndex(of: UInt8(ascii: "#")) {
            head = head[..<comment]
        } else {
            try keys.read(bytes[open...])
        }
        head = head.trimmed
        if let parenthesis = MatchSpecKeys.legacyBlock(in: head) {
            try keys.readLegacy(head[parenthesis...])
            head = head[..<parenthesis].trimmed
        }
        if head.firstIndex(of: " if ") != nil || head.firstIndex(of: ";") != nil {
            throw refuse("a condition is written [when='…'] (CEP 43)")
        }
        guard head.contains(UInt8(ascii: "^")) || !head.contains(UInt8(ascii: "]")) else {
            throw refuse("a ']' closes nothing")
        }
        var spec = try positional(head)
        try keys.apply(to: &spec)
        return spec
    }

    /// Not that of a class in a regular expression, which stands between `^` and `$`.
    private static func firstBracket(_ bytes: ArraySlice<UInt8>) -> Int {
        var index = bytes.startIndex
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "[") {
            if bytes[index] == UInt8(ascii: "^"),
                let end = bytes[index...].firstIndex(of: UInt8(ascii: "$"))
            {
                index = end
            }
            index += 1
        }
        return index
    }

    private func specification(of package: MatchSpecAddress.Package) throws(CondaError) -> MatchSpec {
        let filename = package.filename
        var spec = MatchSpec(name: try name(Array(filename.name.utf8)[...]))
        spec.version = VersionSpec(
            .clause(.equal(try reading { () throws(CondaError) in try CondaVersion(filename.version) })))
        spec.build = try MatchSpecPattern(filename.build)
        spec.subdir = try package.subdir.map(MatchSpecPattern.init)
        spec.filename = try MatchSpecPattern(filename.description)
        spec.url = try MatchSpecPattern(package.url)
        if let digest = package.digest {
            let value = digest.hasPrefix("sha256:") ? String(digest.dropFirst(7)) : digest
            switch value.utf8.count {
            case 32 where value == digest: spec.md5 = try self.digest(value, digits: 32)
            case 64: spec.sha256 = try self.digest(value, digits: 64)
            default: throw refuse("what follows '#' is neither an MD5 nor a SHA-256")
            }
        }
        return spec
    }

    /// `(channel(/subdir):(namespace):)name(version(build))`
    private func positional(_ head: ArraySlice<UInt8>) throws(CondaError) -> MatchSpec {
        var rest = head
        var channel: ArraySlice<UInt8>?
        if let colon = rest.lastIndex(of: UInt8(ascii: ":")) {
            let before = rest[..<colon]
            rest = rest[(colon + 1)...].trimmed
            let namespace: ArraySlice<UInt8>
            if let other = before.lastIndex(of: UInt8(ascii: ":")) {
                channel = before[..<other].trimmed
                namespace = before[(other + 1)...]
            } else {
                namespace = before
            }
            guard !namespace.contains(UInt8(ascii: "/")) else {
                throw refuse("channel and name are separated by '::'")
            }
        }
        let nameEnd = rest.firstIndex { " =<>!~".utf8.contains($0) || $0.isSpace } ?? rest.endIndex
        var spec = MatchSpec(name: try name(rest[..<nameEnd]))
        if let channel { try setChannel(channel.text, of: &spec) }
        try setVersionAndBuild(rest[nameEnd...].trimmed, of: &spec)
        return spec
    }

    func setChannel(_ text: String, of spec: inout MatchSpec) throws(CondaError) {
        let (channel, subdir) = MatchSpecAddress.split(text)
        guard let last = channel.utf8.last, last != UInt8(ascii: ":") else {
            throw refuse("no channel stands before '::'")
        }
        spec.channel = try pattern(channel)
        if let subdir { spec.subdir = try pattern(subdir) }
    }

    func name(_ bytes: ArraySlice<UInt8>) throws(CondaError) -> MatchSpecPattern {
        guard let first = bytes.first else { throw refuse("the name is missing; '*' stands for any package") }
        if first == UInt8(ascii: "^"), bytes.last == UInt8(ascii: "$") {
            return try reading { () throws(CondaError) in try MatchSpecPattern(bytes.text) }
        }
        guard bytes.allSatisfy({ $0.isDigit || $0.isLetter || "._-*".utf8.contains($0) }) else {
            throw refuse(
                "'\(bytes.text)' is no package name: letters, digits and any of . _ - may stand in it")
        }
        return try MatchSpecPattern(bytes.map(\.lowered)[...].text)
    }

    /// nil for what matches everything.
    func pattern(_ text: String) throws(CondaError) -> MatchSpecPattern? {
        guard text.utf8.contains(where: { $0 != UInt8(ascii: "*") }) else { return nil }
        return try reading { () throws(CondaError) in try MatchSpecPattern(text) }
    }

    func build(_ text: String) throws(CondaError) -> MatchSpecPattern? {
        let bytes = text.utf8
        guard
            bytes.first == UInt8(ascii: "^")
                || bytes.allSatisfy({ $0.isDigit || $0.isLetter || "._+*-".utf8.contains($0) })
        else {
            throw refuse("'\(text)' is no build: letters, digits and any of . _ + - * may stand in it")
        }
        return try pattern(text)
    }

    func digest(_ text: String, digits: Int) throws(CondaError) -> MatchSpecPattern {
        guard text.utf8.count == digits,
            text.utf8.allSatisfy({
                $0.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0.lowered)
            })
        else { throw refuse("'\(text)' is no digest of \(digits) hexadecimal digits") }
        return try MatchSpecPattern(text.asciiLowered)
    }

    /// What is wrong with a part is wrong with the whole.
    func reading<Value>(_ read: () throws(CondaError) -> Value) throws(CondaError) -> Value {
        do throws(CondaError) { return try read() } catch {
            throw error.text == text ? refuse(error.reason) : refuse("'\(error.text)': \(error.reason)")
        }
    }
}

extension MatchSpecParser {
    /// - Parameter rest: what follows the name.
    private func setVersionAndBuild(_ rest: ArraySlice<UInt8>, of spec: inout MatchSpec) throws(CondaError) {
        guard !rest.isEmpty else { return }
        var version = rest
        var build: ArraySlice<UInt8>?
        if let separator = Self.separator(in: rest) {
            version = rest[..<separator].trimmed
            build = rest[(separator + 1)...].trimmed
        }
        // CEP 29, "Version expression parsing": '=' before one literal is a separator once a build follows.
        if build != nil, version.first == UInt8(ascii: "="),
            !version.dropFirst().contains(where: { "=,|".utf8.contains($0) })
        {
            version = version.dropFirst()
        }
        spec.version = try reading { () throws(CondaError) in try VersionSpec(version.text) }
        if let build { spec.build = try self.build(build.text) }
    }

    /// The first space or '=' that an operator does not claim and behind which only a build can stand.
    private static func separator(in rest: ArraySlice<UInt8>) -> Int? {
        rest.indices.dropFirst().first { index in
            guard rest[index] == UInt8(ascii: "=") || rest[index].isSpace,
                !"=!|,<>~".utf8.contains(rest[index - 1])
            else { return false }
            let build = rest[(index + 1)...].trimmed
            return !build.isEmpty && !build.contains { "-=,|<>~".utf8.contains($0) }
        }
    }
}
