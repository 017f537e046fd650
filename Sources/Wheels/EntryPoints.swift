import Failures

/// The commands that an `entry_points.txt` declares (entry points specification). Other groups are for
/// plug-ins and are passed over.
public struct EntryPoints: Hashable, Sendable {
    public enum Group: String, Sendable {
        case console = "console_scripts"
        case gui = "gui_scripts"
    }

    /// `name = module:attribute [extras]`.
    public struct Script: Hashable, Sendable {
        public let name: String
        public let group: Group
        /// Identifiers joined by dots.
        public let module: String
        /// Identifiers joined by dots.
        public let attribute: String
        public let extras: [ProjectName]
    }

    /// In the order of the file.
    public let scripts: [Script]

    /// - Throws: every fault at once: text that is not UTF-8, a line that is no `name = value`, a name that
    ///   cannot be a command's file, an object reference that is no identifier path, a name declared twice.
    public init(_ bytes: [UInt8]) throws(FailureList) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FailureList([WheelError(.entryPoints, "entry_points.txt", "its text is not UTF-8")])
        }
        var faults: [WheelError] = []
        var scripts: [Script] = []
        var names: Set<ExactText> = []
        var section: Substring?
        for rawLine in Substring(text.utf8.drop { $0 == 0xef || $0 == 0xbb || $0 == 0xbf }).utf8.split(
            separator: 0x0a)
        {
            let line = trimmed(Substring(rawLine))
            guard let first = line.utf8.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else {
                continue
            }
            if first == UInt8(ascii: "["), line.utf8.last == UInt8(ascii: "]"),
                !line.utf8.contains(UInt8(ascii: "="))
            {
                section = trimmed(line.dropFirst().dropLast())
                continue
            }
            guard let section else {
                faults.append(
                    WheelError(
                        .entryPoints, "entry_points.txt",
                        "'\(WheelError.excerpt(String(line)))' stands before any [group]"))
                continue
            }
            guard let group = Group(rawValue: String(section)) else { continue }
            do {
                let script = try Script(String(line), group: group)
                if names.insert(ExactText(script.name)).inserted {
                    scripts.append(script)
                } else {
                    faults.append(WheelError(.entryPoint, script.name, "it is declared twice"))
                }
            } catch {
                faults.append(error)
            }
        }
        self.scripts = scripts
        if !faults.isEmpty { throw FailureList(faults) }
    }
}

extension EntryPoints.Script {
    /// Reads `name = module:attribute [extra, …]`.
    public init(_ line: String, group: EntryPoints.Group) throws(WheelError) {
        func refusal(_ reason: String) -> WheelError { WheelError(.entryPoint, line, reason) }
        guard let equals = line.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            throw refusal("it has no '=' between name and object reference")
        }
        name = String(trimmed(line[..<equals]))
        if let fault = Self.fault(ofName: name) { throw refusal(fault) }
        var reference = trimmed(line[line.utf8.index(after: equals)...])
        var extras: [ProjectName] = []
        if reference.utf8.last == UInt8(ascii: "]"),
            let open = reference.utf8.firstIndex(of: UInt8(ascii: "["))
        {
            for part in reference[reference.utf8.index(after: open)...].dropLast().split(separator: ",") {
                guard let extra = try? ProjectName(trimmed(part)) else {
                    throw refusal("'\(trimmed(part))' is no name of an extra")
                }
                extras.append(extra)
            }
            reference = trimmed(reference[..<open])
        }
        let parts = reference.split(separator: ":", omittingEmptySubsequences: false).map { trimmed($0) }
        guard parts.count == 2 else {
            throw refusal("a command needs a reference of the form module:attribute")
        }
        for part in parts where !Self.isIdentifierPath(part) {
            throw refusal("'\(part)' is no Python identifier, or several joined by dots")
        }
        (module, attribute) = (String(parts[0]), String(parts[1]))
        self.extras = extras
        self.group = group
    }

    /// The same call by another name.
    init(_ other: Self, named name: String) {
        (self.name, group, module, attribute, extras) =
            (name, other.group, other.module, other.attribute, other.extras)
    }

    /// The name becomes a file in `bin`, and is typed there.
    private static func fault(ofName name: String) -> String? {
        if name.isEmpty { return "its name is empty" }
        if name == "." || name == ".." { return "its name is a directory's" }
        if name.utf8.count > 255 { return "its name is longer than 255 bytes" }
        if name.utf8.first == UInt8(ascii: "-") {
            return "its name starts with '-', which a shell takes for an option"
        }
        if name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) {
            return "its name holds a path separator"
        }
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return "its name holds a control character"
        }
        return nil
    }

    private static func isIdentifierPath(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.unicodeScalars.first, first == "_" || first.properties.isXIDStart else {
                return false
            }
            return part.unicodeScalars.dropFirst().allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
                && !keywords.contains(String(part))
        }
    }

    /// Words that no Python 3 takes as a name.
    private static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
        "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
        "lambda",
        "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ]
}
