/// A dependency on a distribution (PEP 508): `name[extra]>=1,<2; marker` or `name @ URL ; marker`.
public struct Requirement: Hashable, Sendable, CustomStringConvertible {
    public let name: ProjectName
    /// Sorted by their normal form, each once.
    public let extras: [ProjectName]
    public let specifiers: VersionSpecifiers
    /// The text after `@`.
    public let url: String?
    public let marker: Marker?

    public init(
        name: ProjectName, extras: [ProjectName] = [], specifiers: VersionSpecifiers = .init(),
        url: String? = nil, marker: Marker? = nil
    ) {
        self.name = name
        self.extras = Set(extras).sorted()
        self.specifiers = specifiers
        self.url = url
        self.marker = marker
    }

    public init(_ text: some StringProtocol) throws(WheelError) {
        let whole = trimmed(Substring(text))
        func refusal(_ reason: String) -> WheelError { WheelError(.requirement, text, reason) }
        if let control = whole.utf8.first(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) {
            throw refusal("it holds the control character \(control)")
        }
        let nameText = whole.prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_")
        }
        guard let name = try? ProjectName(nameText) else {
            throw refusal("it does not start with a project name")
        }
        var rest = trimmed(whole[nameText.endIndex...])
        var extras: [ProjectName] = []
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else {
                throw refusal("the ']' after the extras is missing")
            }
            let list = trimmed(rest[rest.index(after: rest.startIndex)..<end])
            if !list.isEmpty {
                for part in list.split(separator: ",", omittingEmptySubsequences: false) {
                    guard let extra = try? ProjectName(trimmed(part)) else {
                        throw refusal("'\(trimmed(part))' is no name of an extra")
                    }
                    extras.append(extra)
                }
            }
            rest = trimmed(rest[rest.index(after: end)...])
        }
        if rest.first == "@" {
            let target = trimmed(rest.dropFirst())
            let url = target.prefix { $0 != " " && $0 != "\t" }
            guard !url.isEmpty else { throw refusal("a URL is missing after '@'") }
            let tail = trimmed(target[url.endIndex...])
            guard tail.isEmpty || tail.first == ";" else {
                throw refusal("after the URL only ' ; ' and a marker may follow")
            }
            self.init(name: name, extras: extras, url: String(url), marker: try Self.marker(tail))
            return
        }
        let specifierText = rest.prefix { $0 != ";" }
        let marker = try Self.marker(rest[specifierText.endIndex...])
        var clauses = trimmed(specifierText)
        if clauses.first == "(" {
            guard clauses.last == ")" else { throw refusal("the ')' after the versions is missing") }
            clauses = clauses.dropFirst().dropLast()
        }
        let specifiers: VersionSpecifiers
        do { specifiers = try VersionSpecifiers(clauses) } catch {
            throw refusal("in its versions, \(error.description)")
        }
        self.init(name: name, extras: extras, specifiers: specifiers, marker: marker)
    }

    /// `tail` is empty or starts with the semicolon; nothing behind that is no marker.
    private static func marker(_ tail: Substring) throws(WheelError) -> Marker? {
        tail.isEmpty ? nil : try Marker(trimmed(tail.dropFirst()))
    }

    /// The same requirement with the name and extras as given, all else in canonical form.
    public var description: String {
        var text = name.spelling
        if !extras.isEmpty { text += "[\(extras.map(\.spelling).joined(separator: ","))]" }
        if let url {
            text += " @ \(url)"
            if let marker { text += " ; \(marker)" }
            return text
        }
        text += specifiers.description
        if let marker { text += "; \(marker)" }
        return text
    }
}
